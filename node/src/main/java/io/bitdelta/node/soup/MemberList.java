package io.bitdelta.node.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.soup.MemberTree;
import java.util.List;

/**
 * Who is in a soup, and their signed consents: a public block that the soup's manifest names as {@code membersCid}. The
 * chain knows only the root over the ids; without this list nobody else could recount.
 *
 * @param entries in the order of the members tree
 */
public record MemberList(List<Entry> entries) {
    /** Largest accepted list: about 6000 members. */
    public static final int MAX_BYTES = 2 << 20;

    private static final String SCHEMA = "bitdelta/soup-members/1";

    /**
     * One member.
     *
     * @param deltaId the registry's key
     * @param deadline of the consent, Unix seconds
     * @param consent the owner's signature of {@code SoupConsent}
     */
    public record Entry(Bytes32 deltaId, long deadline, EvmSignature consent) {}

    /** Copies the list. */
    public MemberList {
        entries = List.copyOf(entries);
    }

    /**
     * Reads a block.
     *
     * @throws JsonException when it is not such a list
     */
    public static MemberList parse(byte[] block) {
        JsonObject document = JsonObject.of("member list", CanonicalJson.read(block, MAX_BYTES));
        if (!document.text("schema").equals(SCHEMA)) {
            throw new JsonException("a member list has schema %s, not %s".formatted(SCHEMA, document.text("schema")));
        }
        return new MemberList(document.objects("members").stream()
                .map(entry -> new Entry(
                        entry.bytes32("deltaId"),
                        entry.whole("deadline", 0, Long.MAX_VALUE),
                        EvmSignature.parse(HexText.parse(entry.text("consent")))))
                .toList());
    }

    /** The block: canonical JSON. */
    public byte[] bytes() {
        List<JsonValue> members = entries.stream()
                .map(entry -> new ObjectBuilder()
                        .put("consent", HexText.of(entry.consent().bytes()))
                        .put("deadline", entry.deadline())
                        .put("deltaId", entry.deltaId())
                        .build())
                .toList();
        return CanonicalJson.write(new ObjectBuilder()
                .put("members", new JsonValue.Items(members))
                .put("schema", SCHEMA)
                .build());
    }

    /**
     * The tree whose root the header has.
     *
     * @throws IllegalArgumentException when the ids do not ascend strictly
     */
    public MemberTree tree() {
        return new MemberTree(entries.stream()
                .map(entry -> Hash32.of(entry.deltaId().bytes()))
                .toList());
    }
}
