package io.bitdelta.node.api.did;

import io.bitdelta.node.api.AnswerCache;
import io.bitdelta.node.api.ApiArea;
import io.bitdelta.node.api.Call;
import io.bitdelta.node.api.Operations;
import io.bitdelta.node.api.Reply;
import io.bitdelta.node.did.DidResolution;
import io.bitdelta.node.did.DidResolver;
import io.bitdelta.node.lookup.IndexChanges;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /1.0/identifiers/{did}}. Answers about now are kept; those about an earlier version are made each time. */
public final class DidApi implements ApiArea {
    private static final JsonMapper JSON = new JsonMapper();

    private final DidResolver resolver;
    private final AnswerCache newest;
    private final String prefix;

    /** @param changes of the index that {@code resolver} reads */
    public DidApi(DidResolver resolver, IndexChanges changes, Clock clock) {
        this.resolver = resolver;
        this.prefix = resolver.prefix();
        this.newest = new AnswerCache(changes, clock, List.of(DidResolution.RESULT_TYPE, DidResolution.DOCUMENT_TYPE));
    }

    @Override
    public void bind(Operations operations) {
        operations.on("resolveDid", this::ready, this::resolve);
    }

    private static boolean asksForNow(Call call) {
        return call.query("versionId").isEmpty() && call.query("versionTime").isEmpty();
    }

    private Optional<Reply> ready(Call call) {
        String did = call.path("did");
        return did.startsWith(prefix) && asksForNow(call)
                ? newest.find(did.substring(prefix.length()), call.accepted())
                : Optional.empty();
    }

    private Reply resolve(Call call) {
        String did = call.path("did");
        long asOf = newest.asOf();
        DidResolution resolution = resolver.resolve(did, call.query("versionId"), call.query("versionTime"));
        boolean documentAlone = call.accepted().equals(DidResolution.DOCUMENT_TYPE);
        if (!(resolution instanceof DidResolution.Resolved resolved)) {
            return Reply.bytes(
                    resolution.status(), DidResolution.RESULT_TYPE, JSON.writeValueAsBytes(resolution.result()));
        }
        byte[] body = JSON.writeValueAsBytes(documentAlone ? resolved.document() : resolved.result());
        Reply reply = Reply.bytes(
                resolution.status(), documentAlone ? DidResolution.DOCUMENT_TYPE : DidResolution.RESULT_TYPE, body);
        // Another spelling of a DID has an answer of its own, which names the canonical one.
        if (asksForNow(call) && did.equals(resolved.document().get("id"))) {
            newest.keep(did.substring(prefix.length()), call.accepted(), asOf, reply, resolved.goodUntil());
        }
        return reply;
    }
}
