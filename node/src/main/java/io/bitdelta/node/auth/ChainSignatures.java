package io.bitdelta.node.auth;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.methods.request.Transaction;

/** Signatures of keys by recovery, of contracts by asking the chain (EIP-1271). */
public final class ChainSignatures implements AccountSignatures {
    /** No contract wallet in use takes more, and the call is not for free. */
    private static final int MAX_BYTES = 2048;

    private static final String MAGIC = "1626ba7e";

    private final ChainClient chain;

    /** @param chain where contract accounts live */
    public ChainSignatures(ChainClient chain) {
        this.chain = chain;
    }

    @Override
    public boolean valid(EvmAddress account, Bytes32 digest, byte[] signature) {
        if (signature.length > MAX_BYTES) {
            return false;
        }
        return recovers(account, digest, signature) || contractAccepts(account, digest, signature);
    }

    private static boolean recovers(EvmAddress account, Bytes32 digest, byte[] signature) {
        if (signature.length != EvmSignature.LENGTH) {
            return false;
        }
        try {
            return EvmSignature.parse(signature).recover(digest).equals(account);
        } catch (SignatureException malformed) {
            return false;
        }
    }

    private boolean contractAccepts(EvmAddress account, Bytes32 digest, byte[] signature) {
        if (chain.code(account.hex()).equals("0x")) {
            return false;
        }
        try {
            var answer = chain.web3()
                    .ethCall(
                            Transaction.createEthCallTransaction(null, account.hex(), call(digest, signature)),
                            DefaultBlockParameterName.LATEST)
                    .send();
            String value = answer.hasError() || answer.getValue() == null ? "" : answer.getValue();
            // The magic value is a bytes4: left-aligned in one word, and a longer or dirty answer is none.
            return value.equals("0x" + MAGIC + "0".repeat(56));
        } catch (IOException away) {
            throw new ChainException("the chain does not answer: " + away.getMessage(), away);
        }
    }

    /** {@code isValidSignature(bytes32,bytes)}. */
    private static String call(Bytes32 digest, byte[] signature) {
        int padded = (signature.length + 31) / 32 * 32;
        byte[] arguments = ByteBuffer.allocate(96 + padded)
                .put(digest.bytes())
                .put(word(64))
                .put(word(signature.length))
                .put(Arrays.copyOf(signature, padded))
                .array();
        return HexText.of(HexFormat.of().parseHex(MAGIC))
                + HexText.of(arguments).substring(2);
    }

    private static byte[] word(int value) {
        return ByteBuffer.allocate(32).putInt(28, value).array();
    }
}
