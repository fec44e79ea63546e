package io.bitdelta.node.soup;

import static io.bitdelta.node.store.Schema.MANIFEST_DIGEST;
import static io.bitdelta.node.store.Schema.MEMBERS_ROOT;
import static io.bitdelta.node.store.Schema.SOUP;
import static io.bitdelta.node.store.Schema.SOUP_ID;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.manifest.Manifest;
import io.bitdelta.attestation.manifest.ManifestException;
import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.store.Database;
import java.io.IOException;

/**
 * Who is in a soup: the list that its manifest names, believed only when its root is the one on chain. Reads this node's
 * store and fetches nothing, so that asking costs nobody but the caller.
 */
public final class SoupMembers {
    private final Database database;
    private final ContentStore content;

    /** @param database that the indexer writes */
    public SoupMembers(Database database, ContentStore content) {
        this.database = database;
        this.content = content;
    }

    /** What the chain has of a soup's papers. */
    private record Claimed(Bytes32 membersRoot, Bytes32 manifest) {}

    /**
     * A soup's members and their consents.
     *
     * @throws MembersUnknownException when the soup is unknown, or its list is not here, or not the one on chain
     */
    public MemberList of(Bytes32 soupId) {
        Claimed claimed = database.reads()
                .select(MEMBERS_ROOT, MANIFEST_DIGEST)
                .from(SOUP)
                .where(SOUP_ID.eq(soupId.hex()))
                .fetchOptional(
                        row -> new Claimed(Bytes32.of(row.get(MEMBERS_ROOT)), Bytes32.of(row.get(MANIFEST_DIGEST))))
                .orElseThrow(() -> new MembersUnknownException("no soup %s on this registry".formatted(soupId)));
        try {
            Manifest manifest =
                    Manifest.parse(block(Cid.rawSha256(claimed.manifest().bytes()), Manifest.MAX_BYTES));
            String cid = manifest.section("soup")
                    .flatMap(section -> section.optionalText("membersCid"))
                    .orElseThrow(() ->
                            new MembersUnknownException("soup %s: its manifest names no members".formatted(soupId)));
            MemberList list = MemberList.parse(block(Cid.parse(cid), MemberList.MAX_BYTES));
            Bytes32 root = Bytes32.of(list.tree().root().bytes());
            if (!root.equals(claimed.membersRoot())) {
                throw new MembersUnknownException(
                        "soup %s: the members that it publishes have root %s, the chain says %s"
                                .formatted(soupId, root, claimed.membersRoot()));
            }
            return list;
        } catch (IOException | ManifestException | JsonException | IllegalArgumentException unreadable) {
            throw new MembersUnknownException(
                    "soup %s: its members cannot be read here (%s): pin its manifest and what it names"
                            .formatted(soupId, unreadable.getMessage()),
                    unreadable);
        }
    }

    private byte[] block(Cid cid, int most) throws IOException {
        if (!content.blocks().has(cid)) {
            throw new IOException(cid + " is not in this node's store");
        }
        return BoundedBytes.read(content, cid, most);
    }
}
