package io.bitdelta.node.did;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.contracts.IdentityRegistry;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** A change that an identity's controller signs (EIP-712) and anybody may send. */
public sealed interface DidChange {
    /** The typed data's type. */
    String type();

    /** Appends the members between identity and nonce. */
    void encode(AbiWords words);

    /** The same members by name, for typed data. */
    Map<String, Object> values();

    /** The call that carries the signature. */
    String call(IdentityRegistry registry, EvmAddress identity, BigInteger deadline, byte[] signature);

    /** One word for the transaction's purpose. */
    String word();

    /** The struct's hash. */
    default Bytes32 structHash(EvmAddress identity, BigInteger nonce, BigInteger deadline) {
        AbiWords words = new AbiWords().word(Keccak256.ofText(type())).address(identity);
        encode(words);
        return words.uint(nonce).uint(deadline).keccak();
    }

    /**
     * Another controller.
     *
     * @param owner the zero address ends the identity for good
     */
    record Rotate(EvmAddress owner) implements DidChange {
        @Override
        public String type() {
            return "ChangeOwner(address identity,address newOwner,uint256 nonce,uint256 deadline)";
        }

        @Override
        public void encode(AbiWords words) {
            words.address(owner);
        }

        @Override
        public Map<String, Object> values() {
            return Map.of("newOwner", owner.hex());
        }

        @Override
        public String call(IdentityRegistry registry, EvmAddress identity, BigInteger deadline, byte[] signature) {
            return registry.changeOwnerBySig(identity.hex(), owner.hex(), deadline, signature)
                    .encodeFunctionCall();
        }

        @Override
        public String word() {
            return "rotate";
        }
    }

    /**
     * A delegate for some time.
     *
     * @param kind at most 32 bytes, e.g. {@code bitdelta.publish}
     * @param validitySeconds from the block that holds the change
     */
    record AddDelegate(String kind, EvmAddress delegate, long validitySeconds) implements DidChange {
        /** Checks the kind and the time. */
        public AddDelegate {
            requireName(kind);
            requirePositive(validitySeconds);
        }

        @Override
        public String type() {
            return "AddDelegate(address identity,bytes32 delegateType,address delegate,uint256 validity,uint256 nonce,uint256 deadline)";
        }

        @Override
        public void encode(AbiWords words) {
            words.word(Bytes32.of(name(kind))).address(delegate).uint(validitySeconds);
        }

        @Override
        public Map<String, Object> values() {
            return Map.of(
                    "delegateType", HexText.of(name(kind)),
                    "delegate", delegate.hex(),
                    "validity", Long.toString(validitySeconds));
        }

        @Override
        public String call(IdentityRegistry registry, EvmAddress identity, BigInteger deadline, byte[] signature) {
            return registry.addDelegateBySig(
                            identity.hex(),
                            name(kind),
                            delegate.hex(),
                            BigInteger.valueOf(validitySeconds),
                            deadline,
                            signature)
                    .encodeFunctionCall();
        }

        @Override
        public String word() {
            return "add-delegate";
        }
    }

    /** No delegate any more. */
    record RemoveDelegate(String kind, EvmAddress delegate) implements DidChange {
        /** Checks the kind. */
        public RemoveDelegate {
            requireName(kind);
        }

        @Override
        public String type() {
            return "RevokeDelegate(address identity,bytes32 delegateType,address delegate,uint256 nonce,uint256 deadline)";
        }

        @Override
        public void encode(AbiWords words) {
            words.word(Bytes32.of(name(kind))).address(delegate);
        }

        @Override
        public Map<String, Object> values() {
            return Map.of("delegateType", HexText.of(name(kind)), "delegate", delegate.hex());
        }

        @Override
        public String call(IdentityRegistry registry, EvmAddress identity, BigInteger deadline, byte[] signature) {
            return registry.revokeDelegateBySig(identity.hex(), name(kind), delegate.hex(), deadline, signature)
                    .encodeFunctionCall();
        }

        @Override
        public String word() {
            return "remove-delegate";
        }
    }

    /**
     * Something said about the identity, for some time.
     *
     * @param name at most 32 bytes, e.g. {@code did/svc/IpfsGateway}
     * @param valueHex 0x-hex
     * @param validitySeconds from the block that holds the change
     */
    record SetAttribute(String name, String valueHex, long validitySeconds) implements DidChange {
        /** Checks the name and the time. */
        public SetAttribute {
            requireName(name);
            requirePositive(validitySeconds);
        }

        @Override
        public String type() {
            return "SetAttribute(address identity,bytes32 name,bytes value,uint256 validity,uint256 nonce,uint256 deadline)";
        }

        @Override
        public void encode(AbiWords words) {
            words.word(Bytes32.of(DidChange.name(name)))
                    .word(Keccak256.of(HexText.parse(valueHex)))
                    .uint(validitySeconds);
        }

        @Override
        public Map<String, Object> values() {
            return Map.of(
                    "name", HexText.of(DidChange.name(name)),
                    "value", valueHex,
                    "validity", Long.toString(validitySeconds));
        }

        @Override
        public String call(IdentityRegistry registry, EvmAddress identity, BigInteger deadline, byte[] signature) {
            return registry.setAttributeBySig(
                            identity.hex(),
                            DidChange.name(name),
                            HexText.parse(valueHex),
                            BigInteger.valueOf(validitySeconds),
                            deadline,
                            signature)
                    .encodeFunctionCall();
        }

        @Override
        public String word() {
            return "set-attribute";
        }
    }

    /** An attribute taken back; name and value as they were set. */
    record RemoveAttribute(String name, String valueHex) implements DidChange {
        /** Checks the name. */
        public RemoveAttribute {
            requireName(name);
        }

        @Override
        public String type() {
            return "RevokeAttribute(address identity,bytes32 name,bytes value,uint256 nonce,uint256 deadline)";
        }

        @Override
        public void encode(AbiWords words) {
            words.word(Bytes32.of(DidChange.name(name))).word(Keccak256.of(HexText.parse(valueHex)));
        }

        @Override
        public Map<String, Object> values() {
            return Map.of("name", HexText.of(DidChange.name(name)), "value", valueHex);
        }

        @Override
        public String call(IdentityRegistry registry, EvmAddress identity, BigInteger deadline, byte[] signature) {
            return registry.revokeAttributeBySig(
                            identity.hex(), DidChange.name(name), HexText.parse(valueHex), deadline, signature)
                    .encodeFunctionCall();
        }

        @Override
        public String word() {
            return "remove-attribute";
        }
    }

    /** A name on the chain is ASCII, filled up with zeros. */
    private static void requireName(String text) {
        if (text.length() > Bytes32.LENGTH || !text.matches("[!-~]+")) {
            throw new IllegalArgumentException(
                    "a name on the chain has 1 to 32 visible ASCII characters, not \"%s\"".formatted(text));
        }
    }

    private static byte[] name(String text) {
        return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), Bytes32.LENGTH);
    }

    private static void requirePositive(long validitySeconds) {
        if (validitySeconds < 1) {
            throw new IllegalArgumentException("a validity of %d s ends before it begins".formatted(validitySeconds));
        }
    }
}
