package io.bitdelta.node.lookup;

import io.bitdelta.node.chain.Deployment;
import io.bitdelta.node.chain.ScriptedChain;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.web3j.abi.DefaultFunctionEncoder;
import org.web3j.abi.TypeEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.Utf8String;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;
import tools.jackson.databind.node.JsonNodeFactory;

/** Logs as the contracts write them, for chains that a test writes. */
public final class ScriptedEvents {
    private static final Map<String, String> ADDRESSES = Map.of(
            "IdentityRegistry", address(0xa1),
            "BitDeltaRegistryProxy", address(0xa2),
            "DeltaSoups", address(0xa3),
            "BitDeltaRoyalties", address(0xa4),
            "TrainingLedger", address(0xa5),
            "RegistryTimelock", address(0xa6));

    private ScriptedEvents() {}

    /** Where the contracts of scripted chains are. */
    public static Deployment deployment() {
        return new Deployment(
                31337,
                ADDRESSES.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                one -> new Deployment.Contract(
                                        one.getValue(), "0x", "", 1, JsonNodeFactory.instance.arrayNode()),
                                (a, b) -> a,
                                TreeMap::new)));
    }

    /** The address of a number. */
    public static String address(long number) {
        return "0x%040x".formatted(number);
    }

    /** {@code DIDOwnerChanged}. */
    public static ScriptedChain.Entry ownerChanged(long identity, long owner) {
        return event(
                "IdentityRegistry",
                "IdentityRegistry",
                "DIDOwnerChanged",
                List.of(new Address(address(identity))),
                new Address(address(owner)),
                new Uint256(0));
    }

    /** {@code DIDDelegateChanged}. */
    public static ScriptedChain.Entry delegateChanged(long identity, String type, long delegate, long validTo) {
        return event(
                "IdentityRegistry",
                "IdentityRegistry",
                "DIDDelegateChanged",
                List.of(new Address(address(identity))),
                text32(type),
                new Address(address(delegate)),
                new Uint256(validTo),
                new Uint256(0));
    }

    /** {@code DIDAttributeChanged}. */
    public static ScriptedChain.Entry attributeChanged(long identity, String name, byte[] value, BigInteger validTo) {
        return event(
                "IdentityRegistry",
                "IdentityRegistry",
                "DIDAttributeChanged",
                List.of(new Address(address(identity))),
                text32(name),
                new DynamicBytes(value),
                new Uint256(validTo),
                new Uint256(0));
    }

    /** {@code BaseClaimed}, whose name is whatever somebody wrote. */
    public static ScriptedChain.Entry baseClaimed(long base, String name) {
        return event(
                "BitDeltaRegistryProxy",
                "BitDeltaRegistry",
                "BaseClaimed",
                List.of(word(base), new Address(address(1))),
                new Utf8String(name),
                new Utf8String("none"));
    }

    /** {@code DeltaPublished}. */
    public static ScriptedChain.Entry deltaPublished(long delta, long identity, long base) {
        return event(
                "BitDeltaRegistryProxy",
                "BitDeltaRegistry",
                "DeltaPublished",
                List.of(word(delta), new Address(address(identity)), word(base)),
                word(delta + 1_000_000),
                word(delta + 2_000_000),
                word(0),
                word(0),
                new Uint256(0),
                new Uint256(1),
                word(delta + 3_000_000));
    }

    /** {@code DeltaRevoked}. */
    public static ScriptedChain.Entry deltaRevoked(long delta, long identity) {
        return event(
                "BitDeltaRegistryProxy",
                "BitDeltaRegistry",
                "DeltaRevoked",
                List.of(word(delta), new Address(address(identity))));
    }

    /** {@code Paid}. */
    public static ScriptedChain.Entry paid(long soup, long payer, BigInteger amount) {
        return event(
                "BitDeltaRoyalties",
                "BitDeltaRoyalties",
                "Paid",
                List.of(word(soup), new Address(address(0)), new Address(address(payer))),
                new Uint256(amount),
                new Uint256(amount));
    }

    /** {@code OwnershipTransferred}, which is kept whole. */
    public static ScriptedChain.Entry ownershipTransferred(long from, long to) {
        return event(
                "BitDeltaRegistryProxy",
                "BitDeltaRegistry",
                "OwnershipTransferred",
                List.of(new Address(address(from)), new Address(address(to))));
    }

    /** {@code TrainingRecorded}. */
    public static ScriptedChain.Entry trainingRecorded(long fork, long identity, long epoch) {
        return event(
                "TrainingLedger",
                "TrainingLedger",
                "TrainingRecorded",
                List.of(word(fork), new Address(address(identity)), new Uint256(epoch)),
                word(fork + 7),
                new Uint256(epoch * 10),
                new Uint256(epoch * 10 + 9));
    }

    /** {@code ModelForked}. */
    public static ScriptedChain.Entry modelForked(long fork, long identity, long base) {
        return event(
                "TrainingLedger",
                "TrainingLedger",
                "ModelForked",
                List.of(word(fork), new Address(address(identity)), word(base)),
                new Uint256(1));
    }

    private static Bytes32 word(long number) {
        return new Bytes32(org.web3j.utils.Numeric.toBytesPadded(BigInteger.valueOf(number), 32));
    }

    private static Bytes32 text32(String text) {
        byte[] word = new byte[32];
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, word, 0, bytes.length);
        return new Bytes32(word);
    }

    @SuppressWarnings("rawtypes") // web3j's encoder speaks raw types
    private static ScriptedChain.Entry event(
            String deployed, String contract, String name, List<Type<?>> indexed, Type... data) {
        String topic = AbiEvent.of(contract).stream()
                .filter(event -> event.name().equals(name))
                .findFirst()
                .orElseThrow()
                .topic();
        List<String> topics = new java.util.ArrayList<>(List.of(topic));
        indexed.forEach(value -> topics.add("0x" + TypeEncoder.encode(value)));
        return new ScriptedChain.Entry(
                java.util.Objects.requireNonNull(ADDRESSES.get(deployed)),
                topics,
                "0x" + new DefaultFunctionEncoder().encodeParameters(List.of(data)));
    }
}
