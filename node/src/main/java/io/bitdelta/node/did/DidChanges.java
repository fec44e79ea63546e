package io.bitdelta.node.did;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.attestation.typed.Eip712Domain;
import io.bitdelta.contracts.IdentityRegistry;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.publish.OwnerSigner;
import java.math.BigInteger;
import org.web3j.tx.gas.DefaultGasProvider;

/** Changes identities: their controller signs, this node sends and pays. */
public final class DidChanges {
    private static final long SIGNATURE_VALID_SECONDS = 3600;

    private final ChainClient chain;
    private final Outbox outbox;
    private final IdentityRegistry registry;
    private final Eip712Domain domain;

    /** @param identities address of the identity registry */
    public DidChanges(ChainClient chain, Outbox outbox, long chainId, String identities) {
        this.chain = chain;
        this.outbox = outbox;
        this.registry = IdentityRegistry.load(identities, chain.web3(), chain.readOnly(), new DefaultGasProvider());
        this.domain = new Eip712Domain("IdentityRegistry", chainId, EvmAddress.of(identities));
    }

    /**
     * Has the controller sign a change and waits until it is final. The same change after the same earlier ones is one
     * transaction.
     *
     * @param identity whose change it is
     * @param controller who controls it now
     * @throws io.bitdelta.node.chain.RevertedException when somebody else controls it, or nobody
     */
    public OutboxEntry apply(EvmAddress identity, DidChange change, OwnerSigner controller) {
        chain.requireAgreement();
        BigInteger nonce = chain.read("nonce of " + identity, registry.nonces(identity.hex()));
        BigInteger deadline = BigInteger.valueOf(chain.head().timestamp() + SIGNATURE_VALID_SECONDS);
        Bytes32 digest = Keccak256.of(
                new byte[] {0x19, 0x01},
                domain.separator().bytes(),
                change.structHash(identity, nonce, deadline).bytes());
        byte[] signature = controller.sign(digest).bytes();
        String calldata = change.call(registry, identity, deadline, signature);
        String purpose = "did %s %s %s %s"
                .formatted(change.word(), identity, nonce, change.structHash(identity, nonce, BigInteger.ZERO));
        return outbox.execute(TxRequest.call(purpose, registry.getContractAddress(), calldata));
    }
}
