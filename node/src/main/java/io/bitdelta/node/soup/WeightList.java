package io.bitdelta.node.soup;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.soup.WeightTree;
import java.util.Arrays;
import java.util.List;

/**
 * Who is paid which part of a soup with attested weights: a public block that the soup's manifest names as
 * {@code weightsCid}. Uniform weights need none, because they follow from the members.
 *
 * @param shares in leaf order; what the block says, which need not tile the whole
 */
public record WeightList(List<WeightTree.Share> shares) {
    /** Largest accepted list: about 10 000 leaves. */
    public static final int MAX_BYTES = 2 << 20;

    private static final String SCHEMA = "bitdelta/soup-weights/1";
    private static final String IDENTITY = "identity";
    private static final String SOUP = "soup";

    /** Copies the list. */
    public WeightList {
        shares = List.copyOf(shares);
    }

    /**
     * Reads a block.
     *
     * @throws JsonException when it is not such a list
     */
    public static WeightList parse(byte[] block) {
        JsonObject document = JsonObject.of("weight list", CanonicalJson.read(block, MAX_BYTES));
        if (!document.text("schema").equals(SCHEMA)) {
            throw new JsonException("a weight list has schema %s, not %s".formatted(SCHEMA, document.text("schema")));
        }
        return new WeightList(
                document.objects("weights").stream().map(WeightList::share).toList());
    }

    private static WeightTree.Share share(JsonObject entry) {
        long start = entry.whole("start", 0, WeightTree.WHOLE);
        long end = entry.whole("end", 0, WeightTree.WHOLE);
        return switch (entry.text("kind")) {
            case IDENTITY -> WeightTree.Share.identity(entry.hex("who", EvmAddress.LENGTH), start, end);
            case SOUP ->
                new WeightTree.Share(WeightTree.Kind.SOUP, Hash32.of(entry.hex("who", Hash32.SIZE)), start, end);
            default ->
                throw new JsonException(
                        "a weight's kind is %s or %s, not %s".formatted(IDENTITY, SOUP, entry.text("kind")));
        };
    }

    /** The block: canonical JSON. */
    public byte[] bytes() {
        List<JsonValue> weights = shares.stream()
                .map(share -> new ObjectBuilder()
                        .put("end", share.end())
                        .put("kind", share.kind() == WeightTree.Kind.SOUP ? SOUP : IDENTITY)
                        .put("start", share.start())
                        .put("who", who(share))
                        .build())
                .toList();
        return CanonicalJson.write(new ObjectBuilder()
                .put("schema", SCHEMA)
                .put("weights", new JsonValue.Items(weights))
                .build());
    }

    /** The paid identity's address or the paid soup's id, lowercase 0x-hex of 20 or 32 bytes. */
    public static String who(WeightTree.Share share) {
        byte[] word = share.who().bytes();
        return HexText.of(
                share.kind() == WeightTree.Kind.SOUP
                        ? word
                        : Arrays.copyOfRange(word, word.length - EvmAddress.LENGTH, word.length));
    }
}
