package io.bitdelta.engine.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads {@code *.safetensors.index.json}: its {@code weight_map} says which shard holds which tensor. */
final class ShardIndex {
    private static final long MAX_BYTES = 64L << 20;

    private ShardIndex() {}

    /** Tensor name to shard file. */
    static Map<String, Path> read(Path index) throws IOException {
        long size = Files.size(index);
        if (size > MAX_BYTES) {
            throw new ShardIndexException(index, "the index has " + size + " bytes, allowed are " + MAX_BYTES);
        }
        JsonNode weightMap;
        try {
            weightMap = JsonMapper.shared().readTree(Files.readAllBytes(index)).path("weight_map");
        } catch (JacksonException e) {
            throw new ShardIndexException(index, "not JSON: " + e.getOriginalMessage(), e);
        }
        if (!weightMap.isObject()) {
            throw new ShardIndexException(index, "there is no object \"weight_map\"");
        }
        Map<String, Path> shards = new TreeMap<>(Checkpoint.NAME_ORDER);
        for (Map.Entry<String, JsonNode> entry : weightMap.properties()) {
            shards.put(entry.getKey(), shard(index, entry.getKey(), entry.getValue()));
        }
        return shards;
    }

    private static Path shard(Path index, String tensor, JsonNode name) {
        // A shard is a plain name beside the index: an index from a stranger must not reach other folders.
        if (!name.isString() || !name.stringValue().matches("[A-Za-z0-9_][A-Za-z0-9._-]*")) {
            throw new ShardIndexException(
                    index, "tensor " + tensor + " names the shard " + name + ", not a plain file name");
        }
        Path shard = index.resolveSibling(name.stringValue());
        if (!Files.exists(shard)) {
            throw new ShardIndexException(index, "shard " + shard + " of tensor " + tensor + " does not exist");
        }
        return shard;
    }
}
