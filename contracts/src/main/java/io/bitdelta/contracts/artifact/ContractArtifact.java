package io.bitdelta.contracts.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One compiled contract.
 *
 * @param name the contract's name in Solidity
 * @param abi its ABI as JSON text
 * @param bytecode creation bytecode, 0x-hex; constructor arguments follow it
 * @param runtimeSha256 SHA-256 (0x-hex) of the deployed code with every immutable zero
 * @param runtimeSize bytes of deployed code; the chain's limit is 24 576 (EIP-170)
 * @param immutables where the constructor writes immutables into the deployed code
 */
public record ContractArtifact(
        String name, String abi, String bytecode, String runtimeSha256, int runtimeSize, List<Immutable> immutables) {

    /**
     * Bytes of deployed code that the constructor fills in.
     *
     * @param start first byte
     * @param length bytes
     */
    public record Immutable(int start, int length) {}

    private static final String FOLDER = "/io/bitdelta/contracts/";
    private static final JsonMapper JSON = new JsonMapper();

    public ContractArtifact {
        immutables = List.copyOf(immutables);
    }

    /**
     * Reads a contract's artifact.
     *
     * @throws ArtifactException if there is no such contract
     */
    public static ContractArtifact load(String name) {
        try {
            JsonNode node = JSON.readTree(resource(name + ".json"));
            List<Immutable> immutables = node.required("immutables")
                    .valueStream()
                    .map(place ->
                            new Immutable(place.get(0).intValue(), place.get(1).intValue()))
                    .toList();
            return new ContractArtifact(
                    node.required("name").stringValue(),
                    node.required("abi").toString(),
                    node.required("bytecode").stringValue(),
                    node.required("runtimeSha256").stringValue(),
                    node.required("runtimeSize").intValue(),
                    immutables);
        } catch (JacksonException e) {
            throw new ArtifactException(
                    "the artifact of contract " + name + " is damaged: build the contracts again", e);
        }
    }

    /** Names of all contracts that have an artifact. */
    public static List<String> names() {
        return new String(resource("index.txt"), StandardCharsets.UTF_8).lines().toList();
    }

    /**
     * Whether deployed code is this contract, whatever its constructor's arguments were.
     *
     * @param code what the chain returns for the contract's address ({@code eth_getCode}), as bytes
     */
    public boolean matches(byte[] code) {
        return code.length == runtimeSize && runtimeSha256.equals(sha256(withoutImmutables(code)));
    }

    private byte[] withoutImmutables(byte[] code) {
        byte[] blank = code.clone();
        for (Immutable place : immutables) {
            Arrays.fill(blank, place.start(), place.start() + place.length(), (byte) 0);
        }
        return blank;
    }

    private static String sha256(byte[] bytes) {
        try {
            return "0x"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] resource(String file) {
        try (InputStream in = ContractArtifact.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new ArtifactException(
                        FOLDER + file + " is not on the class path; known contracts stand in " + FOLDER + "index.txt");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ArtifactException(FOLDER + file + " cannot be read", e);
        }
    }
}
