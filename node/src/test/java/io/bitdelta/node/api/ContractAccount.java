package io.bitdelta.node.api;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.local.LocalNode;
import java.math.BigInteger;
import org.web3j.crypto.ContractUtils;

/** The smallest contract account (EIP-1271): what its owner's key signed is its signature. */
final class ContractAccount {
    private ContractAccount() {}

    static EvmAddress deploy(LocalNode node, EvmAddress owner) {
        // isValidSignature(bytes32,bytes): ecrecover of (hash, v, r, s) compared with the owner.
        String runtime = "600435600052" // hash
                + "60a43560001a602052" // v
                + "606435604052" // r
                + "608435606052" // s
                + "602060806080600060015afa50" // static call of the precompile at 1
                + "60805173" + owner.hex().substring(2) + "14605457" // is the signer the owner?
                + "63ffffffff60e01b60005260206000f3"
                + "5b631626ba7e60e01b60005260206000f3";
        String length = "%02x".formatted(runtime.length() / 2);
        String creation = "0x60" + length + "600c60003960" + length + "6000f3" + runtime;
        OutboxEntry entry =
                node.outbox().execute(new TxRequest("contract account of " + owner, null, creation, BigInteger.ZERO));
        return EvmAddress.of(ContractUtils.generateContractAddress(entry.signer(), BigInteger.valueOf(entry.nonce())));
    }
}
