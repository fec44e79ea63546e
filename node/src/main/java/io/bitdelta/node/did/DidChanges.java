package io.bitdelta.node.did;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.attestation.typed.Eip712Domain;
import io.bitdelta.contracts.IdentityRegistry;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.Outbox;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.TxRequest;
import io.bitdelta.node.publish.OwnerSigner;
import io.bitdelta.node.publish.SigningRequest;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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
     * What a controller signs a change for.
     *
     * @param registry that takes it
     * @param nonce of the identity's next change
     * @param deadline chain time in Unix seconds after which it is void
     */
    public record Slot(String registry, long chainId, long nonce, long deadline) {}

    /** For the next change of an identity. */
    public Slot slot(EvmAddress identity) {
        chain.requireAgreement();
        long nonce = nonce(identity);
        return new Slot(
                registry.getContractAddress().toLowerCase(Locale.ROOT),
                domain.chainId(),
                nonce,
                chain.head().timestamp() + SIGNATURE_VALID_SECONDS);
    }

    private long nonce(EvmAddress identity) {
        return chain.read("nonce of " + identity, registry.nonces(identity.hex()))
                .longValueExact();
    }

    /** What the controller signs: recomputed here from the change itself, whoever gave the slot. */
    public static Bytes32 digest(EvmAddress identity, DidChange change, Slot slot) {
        return Keccak256.of(
                new byte[] {0x19, 0x01},
                domain(slot).separator().bytes(),
                change.structHash(identity, BigInteger.valueOf(slot.nonce()), BigInteger.valueOf(slot.deadline()))
                        .bytes());
    }

    /** The same for wallets, in the JSON of {@code eth_signTypedData_v4}. */
    public static Map<String, Object> typedData(EvmAddress identity, DidChange change, Slot slot) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("identity", identity.hex());
        values.putAll(change.values());
        values.put("nonce", Long.toString(slot.nonce()));
        values.put("deadline", Long.toString(slot.deadline()));
        return SigningRequest.of(change.type(), values, domain(slot));
    }

    private static Eip712Domain domain(Slot slot) {
        return new Eip712Domain("IdentityRegistry", slot.chainId(), EvmAddress.of(slot.registry()));
    }

    /**
     * Refuses a signature that the registry would refuse now.
     *
     * @throws DidSignatureException when it is not the controller's, or for another nonce than the next
     */
    public void requireSigned(EvmAddress identity, DidChange change, Slot slot, EvmSignature signature) {
        String controller = chain.read("controller of " + identity, registry.identityOwner(identity.hex()));
        String signer;
        try {
            Slot next = new Slot(slot.registry(), slot.chainId(), nonce(identity), slot.deadline());
            signer = signature.recover(digest(identity, change, next)).hex();
        } catch (SignatureException unrecoverable) {
            signer = "nobody";
        }
        if (!signer.equalsIgnoreCase(controller)) {
            throw new DidSignatureException(identity, controller, signer);
        }
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
        Slot slot = slot(identity);
        return send(identity, change, slot, controller.sign(digest(identity, change, slot)));
    }

    /**
     * Sends a signed change and waits until it is final; sent again, it is the same transaction.
     *
     * @throws io.bitdelta.node.chain.RevertedException when the registry refuses it
     * @throws io.bitdelta.node.chain.TxExpiredException after its deadline
     */
    public OutboxEntry send(EvmAddress identity, DidChange change, Slot slot, EvmSignature signature) {
        BigInteger nonce = BigInteger.valueOf(slot.nonce());
        String calldata = change.call(registry, identity, BigInteger.valueOf(slot.deadline()), signature.bytes());
        String purpose = "did %s %s %s %s"
                .formatted(change.word(), identity, nonce, change.structHash(identity, nonce, BigInteger.ZERO));
        return outbox.execute(
                TxRequest.call(purpose, registry.getContractAddress(), calldata).until(slot.deadline()));
    }
}
