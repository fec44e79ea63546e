package io.bitdelta.engine.commit;

import io.bitdelta.engine.tensor.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A {@link DeltaProof} as a JSON document: hashes as 0x-hex, numbers as integers, RFC 8785. */
public final class ProofDocument {
    private static final String SCHEMA = "bitdelta/proof/1";
    private static final long MAX_BYTES = 64 << 10;
    private static final int CHUNK_WORDS = LeafChunks.SIZE / Hash32.SIZE;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(8).build())
                    .build())
            .build();

    private final Path file;
    private final JsonNode json;

    private ProofDocument(Path file, JsonNode json) {
        this.file = file;
        this.json = json;
    }

    /** The document's text. */
    public static String write(DeltaProof proof) {
        ChunkProof chunk = proof.chunk();
        return CanonicalJson.of(Map.ofEntries(
                Map.entry("schema", SCHEMA),
                Map.entry("deltaRoot", proof.deltaRoot().hex()),
                Map.entry("identity", proof.identity()),
                Map.entry("layoutHash", proof.layoutHash().hex()),
                Map.entry("nSigns", proof.nSigns()),
                Map.entry("signsRoot", proof.signsRoot().hex()),
                Map.entry("nScales", proof.nScales()),
                Map.entry("scalesRoot", proof.scalesRoot().hex()),
                Map.entry("abstainRoot", proof.abstainRoot().hex()),
                Map.entry("fileBind", proof.fileBind().hex()),
                Map.entry("kind", chunk.kind().name().toLowerCase(Locale.ROOT)),
                Map.entry("index", chunk.index()),
                Map.entry("leaves", chunk.leaves()),
                Map.entry("leafSalt", chunk.leafSalt().hex()),
                Map.entry("chunk", chunk.chunk().stream().map(Hash32::hex).toList()),
                Map.entry("siblings", chunk.siblings().stream().map(Hash32::hex).toList())));
    }

    /**
     * Reads a document; whether it holds is another question.
     *
     * @throws MalformedProofException if it is not a proof document
     */
    public static DeltaProof read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new MalformedProofException(file, "it has " + Files.size(file) + " bytes, allowed are " + MAX_BYTES);
        }
        return parse(file, Files.readAllBytes(file));
    }

    /** As {@link #read}, of bytes in memory. */
    static DeltaProof parse(Path file, byte[] bytes) {
        try {
            return new ProofDocument(file, MAPPER.readTree(new String(bytes, StandardCharsets.UTF_8))).proof();
        } catch (JacksonException e) {
            throw new MalformedProofException(file, "it is not JSON: " + e.getOriginalMessage());
        }
    }

    private DeltaProof proof() {
        if (!SCHEMA.equals(text("schema"))) {
            throw new MalformedProofException(file, "schema is \"" + text("schema") + "\", expected is " + SCHEMA);
        }
        String identity = text("identity");
        if (!identity.matches("0x[0-9a-f]{40}")) {
            throw new MalformedProofException(file, "identity is not 0x and 40 lower-case hex digits");
        }
        List<Hash32> chunk = hashes("chunk");
        if (chunk.size() != CHUNK_WORDS) {
            throw new MalformedProofException(
                    file, "chunk has " + chunk.size() + " words, expected are " + CHUNK_WORDS);
        }
        return new DeltaProof(
                hash("deltaRoot"),
                identity,
                hash("layoutHash"),
                number("nSigns"),
                hash("signsRoot"),
                number("nScales"),
                hash("scalesRoot"),
                hash("abstainRoot"),
                hash("fileBind"),
                new ChunkProof(kind(), number("index"), number("leaves"), chunk, hash("leafSalt"), hashes("siblings")));
    }

    private LeafKind kind() {
        return switch (text("kind")) {
            case "signs" -> LeafKind.SIGNS;
            case "scales" -> LeafKind.SCALES;
            case "abstain" -> LeafKind.ABSTAIN;
            default -> throw new MalformedProofException(file, "kind is none of signs, scales and abstain");
        };
    }

    private String text(String key) {
        JsonNode node = json.path(key);
        if (!node.isString()) {
            throw new MalformedProofException(file, key + " is missing or no text");
        }
        return node.asString();
    }

    private long number(String key) {
        JsonNode node = json.path(key);
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() < 0 || node.asLong() >= 1L << 53) {
            throw new MalformedProofException(file, key + " is missing or no number from 0 to 2^53");
        }
        return node.asLong();
    }

    private Hash32 hash(String key) {
        return hash(key, text(key));
    }

    private Hash32 hash(String key, String text) {
        if (!text.matches("0x[0-9a-f]{64}")) {
            throw new MalformedProofException(file, key + " is not 0x and 64 lower-case hex digits");
        }
        return Hash32.ofHex(text);
    }

    private List<Hash32> hashes(String key) {
        JsonNode node = json.path(key);
        if (!node.isArray()) {
            throw new MalformedProofException(file, key + " is missing or no list");
        }
        List<Hash32> hashes = new ArrayList<>();
        for (JsonNode element : node.values()) {
            hashes.add(hash(key, element.asString("")));
        }
        return hashes;
    }
}
