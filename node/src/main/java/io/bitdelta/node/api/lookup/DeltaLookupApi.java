package io.bitdelta.node.api.lookup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.did.DidSyntaxException;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.InvalidCidException;
import io.bitdelta.node.api.AnswerCache;
import io.bitdelta.node.api.ApiArea;
import io.bitdelta.node.api.Call;
import io.bitdelta.node.api.Operations;
import io.bitdelta.node.api.Problem;
import io.bitdelta.node.api.Reply;
import io.bitdelta.node.lookup.DeltaFilter;
import io.bitdelta.node.lookup.DeltaLookup;
import io.bitdelta.node.lookup.IndexChanges;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Published deltas by owner, base, CID and hash. */
public final class DeltaLookupApi implements ApiArea {
    private static final String FIRST_PAGE = "first page";

    private final DeltaLookup deltas;
    private final AnswerCache firstPages;
    private final String prefix;

    /**
     * @param deltas from the index
     * @param changes of that index
     */
    public DeltaLookupApi(DeltaLookup deltas, IndexChanges changes, Clock clock) {
        this.deltas = deltas;
        this.firstPages = new AnswerCache(changes, clock, List.of(FIRST_PAGE));
        this.prefix = deltas.prefix();
    }

    @Override
    public void bind(Operations operations) {
        operations.on("listDeltas", this::list);
        operations.on("getDelta", this::one);
        operations.on("listDeltasOfDid", this::ready, this::ofDid);
    }

    private Reply list(Call call) {
        DeltaFilter filter = new DeltaFilter(
                call.query("did").map(text -> did("query", text)).orElse(null),
                call.query("base").map(Bytes32::of).orElse(null),
                call.query("cid").map(DeltaLookupApi::cid).orElse(null),
                call.query("hash").map(Bytes32::of).orElse(null));
        return Reply.ok(Paging.body(deltas.page(filter, Paging.after(call), Paging.limit(call))));
    }

    private Reply one(Call call) {
        Bytes32 id = Bytes32.of(call.path("deltaId"));
        return deltas.byId(id).map(Reply::ok).orElseThrow(() -> Problem.notFound("no delta " + id + " was published"));
    }

    private Optional<Reply> ready(Call call) {
        String did = call.path("did");
        return did.startsWith(prefix) && Paging.first(call)
                ? firstPages.find(did.substring(prefix.length()), FIRST_PAGE)
                : Optional.empty();
    }

    private Reply ofDid(Call call) {
        LuxDid did = did("path", call.path("did"));
        long asOf = firstPages.asOf();
        Reply reply = Reply.ok(Paging.body(deltas.page(DeltaFilter.of(did), Paging.after(call), Paging.limit(call))));
        if (did.toString().startsWith(prefix) && Paging.first(call)) {
            firstPages.keep(did.address().hex(), FIRST_PAGE, asOf, reply, Long.MAX_VALUE);
        }
        return reply;
    }

    private static LuxDid did(String in, String text) {
        try {
            return LuxDid.parse(text);
        } catch (DidSyntaxException malformed) {
            throw Problem.invalid(in, "/did", String.valueOf(malformed.getMessage()));
        }
    }

    private static Cid cid(String text) {
        try {
            return Cid.parse(text);
        } catch (InvalidCidException malformed) {
            throw Problem.invalid("query", "/cid", String.valueOf(malformed.getMessage()));
        }
    }
}
