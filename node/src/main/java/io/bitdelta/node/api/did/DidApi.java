package io.bitdelta.node.api.did;

import io.bitdelta.node.api.ApiArea;
import io.bitdelta.node.api.Call;
import io.bitdelta.node.api.Operations;
import io.bitdelta.node.api.Reply;
import io.bitdelta.node.did.DidResolution;
import io.bitdelta.node.did.DidResolver;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /1.0/identifiers/{did}}. */
public final class DidApi implements ApiArea {
    private static final Duration FRESH = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private final DidResolver resolver;
    private final RenderedDocuments rendered;

    /** @param generation changes whenever the index does */
    public DidApi(DidResolver resolver, LongSupplier generation) {
        this.resolver = resolver;
        this.rendered = new RenderedDocuments(generation, System::nanoTime, FRESH.toNanos());
    }

    @Override
    public void bind(Operations operations) {
        operations.on("resolveDid", this::ready, this::resolve);
    }

    private static boolean newest(Call call) {
        return call.query("versionId").isEmpty() && call.query("versionTime").isEmpty();
    }

    private Optional<Reply> ready(Call call) {
        return newest(call) ? rendered.find(call.path("did"), call.accepted()) : Optional.empty();
    }

    private Reply resolve(Call call) {
        String did = call.path("did");
        long asOf = rendered.before();
        DidResolution resolution = resolver.resolve(did, call.query("versionId"), call.query("versionTime"));
        boolean documentAlone = call.accepted().equals(DidResolution.DOCUMENT_TYPE);
        if (documentAlone && resolution instanceof DidResolution.Resolved resolved) {
            return answer(call, did, asOf, resolution.status(), DidResolution.DOCUMENT_TYPE, resolved.document());
        }
        return answer(call, did, asOf, resolution.status(), DidResolution.RESULT_TYPE, resolution.result());
    }

    private Reply answer(Call call, String did, long asOf, int status, String mediaType, Object value) {
        byte[] bytes = JSON.writeValueAsBytes(value);
        Reply reply = Reply.bytes(status, mediaType, bytes);
        if (status == 200 && newest(call)) {
            rendered.keep(did, call.accepted(), asOf, reply, bytes.length);
        }
        return reply;
    }
}
