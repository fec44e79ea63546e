package io.bitdelta.node.chain;

import io.bitdelta.node.config.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where the contracts are on one chain; stored as {@code deployments/<chainId>.json}.
 *
 * @param chainId the chain
 * @param contracts by contract name
 */
public record Deployment(long chainId, Map<String, Contract> contracts) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * One deployed contract.
     *
     * @param address lowercase 0x-hex
     * @param codeHash Keccak-256 of the runtime code on the chain
     * @param tx creating transaction; empty when another contract created it
     * @param block its block
     * @param abi the contract's ABI
     */
    public record Contract(String address, String codeHash, String tx, long block, JsonNode abi) {}

    /** Sorts by name. */
    public Deployment {
        contracts = Map.copyOf(contracts);
    }

    /** The address of a contract. */
    public String address(String name) {
        Contract contract = contracts.get(name);
        if (contract == null) {
            throw new IllegalStateException("the deployment on chain %d has no %s".formatted(chainId, name));
        }
        return contract.address();
    }

    /** Height of the first contract's block: no event is older. */
    public long firstBlock() {
        return contracts.values().stream().mapToLong(Contract::block).min().orElse(0);
    }

    /** Reads the file of a chain, if there is one. */
    static Optional<Deployment> load(Path folder, long chainId) throws IOException {
        Path file = file(folder, chainId);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), Deployment.class));
        } catch (JacksonException malformed) {
            throw new IOException(
                    "%s is not a deployment file: restore it from a backup, or deploy anew into another data folder"
                            .formatted(file),
                    malformed);
        }
    }

    void store(Path folder) throws IOException {
        DurableFiles.write(
                file(folder, chainId),
                JSON.writeValueAsBytes(Map.of("chainId", chainId, "contracts", new TreeMap<>(contracts))));
    }

    private static Path file(Path folder, long chainId) {
        return folder.resolve(chainId + ".json");
    }
}
