package io.bitdelta.attestation.receipt;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.attestation.typed.ComputeReceiptStruct;
import java.math.BigInteger;

/**
 * A compute receipt as a block: canonical JSON whose members are the struct's, 256-bit integers as decimal strings. Its
 * {@link #hash} is the contracts' {@code hashStruct}.
 *
 * @param content the fields
 */
public record ComputeReceipt(ComputeReceiptStruct content) {
    /** The value of {@code schema}. */
    public static final String SCHEMA = "bitdelta/receipt/1";

    private static final int MAX_BYTES = 16 << 10;
    private static final int MEMBERS = 15;

    /** The hash that a delta's {@code receiptHash} holds. */
    public Bytes32 hash() {
        return content.structHash();
    }

    /** The canonical bytes. */
    public byte[] bytes() {
        return CanonicalJson.write(new ObjectBuilder()
                .put("citationsHash", content.citationsHash())
                .put("deltaHash", content.deltaHash())
                .put("dstChainId", content.dstChainId().toString())
                .put("finishedAt", content.finishedAt())
                .put("jobId", content.jobId().toString())
                .put("meteringHash", content.meteringHash())
                .put("modelHash", content.modelHash())
                .put("outputCommit", content.outputCommit())
                .put("requesterLuxId", content.requesterLuxId())
                .put("schema", SCHEMA)
                .put("srcChainId", content.srcChainId().toString())
                .put("startedAt", content.startedAt())
                .put("teeHash", content.teeHash())
                .put("workerLuxId", content.workerLuxId())
                .put("zkHash", content.zkHash())
                .build());
    }

    /**
     * Reads {@link #bytes}.
     *
     * @throws JsonException for anything else than the canonical form of a valid receipt
     */
    public static ComputeReceipt parse(byte[] bytes) {
        JsonObject root = JsonObject.of("receipt", CanonicalJson.read(bytes, MAX_BYTES));
        if (!root.text("schema").equals(SCHEMA)) {
            throw new JsonException("receipt.schema: \"" + root.text("schema") + "\" is not " + SCHEMA);
        }
        if (root.keys().size() != MEMBERS) {
            throw new JsonException("receipt: " + root.keys().size() + " members, not " + MEMBERS);
        }
        try {
            return new ComputeReceipt(new ComputeReceiptStruct(
                    uint(root, "srcChainId"),
                    uint(root, "dstChainId"),
                    uint(root, "jobId"),
                    root.bytes32("modelHash"),
                    root.bytes32("deltaHash"),
                    root.bytes32("outputCommit"),
                    root.bytes32("teeHash"),
                    root.bytes32("zkHash"),
                    root.whole("startedAt", 0, JsonValue.INTEGER_BOUND),
                    root.whole("finishedAt", 0, JsonValue.INTEGER_BOUND),
                    root.bytes32("meteringHash"),
                    root.bytes32("citationsHash"),
                    root.text("workerLuxId"),
                    root.text("requesterLuxId")));
        } catch (IllegalArgumentException e) {
            throw new JsonException("receipt: " + e.getMessage(), e);
        }
    }

    /**
     * Whether these are the documents that the receipt holds the hashes of.
     *
     * @param metering what was done, beside the receipt
     * @param citations what it rests on, beside the receipt
     */
    public boolean describedBy(Metering metering, Citations citations) {
        return metering.hash().equals(content.meteringHash())
                && citations.hash().equals(content.citationsHash());
    }

    /** How the metering and citations documents are hashed: Keccak-256 of their canonical JSON. */
    static Bytes32 documentHash(JsonValue document) {
        return Keccak256.of(CanonicalJson.write(document));
    }

    private static BigInteger uint(JsonObject root, String key) {
        String text = root.text(key);
        if (!text.matches("0|[1-9][0-9]{0,77}")) {
            throw new JsonException(root.at(key) + ": not a decimal integer: \"" + text + "\"");
        }
        return new BigInteger(text);
    }
}
