package io.bitdelta.node.api.lookup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.did.DidSyntaxException;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.api.ApiArea;
import io.bitdelta.node.api.Call;
import io.bitdelta.node.api.Operations;
import io.bitdelta.node.api.Problem;
import io.bitdelta.node.api.Reply;
import io.bitdelta.node.lookup.LedgerLookup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The training ledger: who trains which model, and the anchors of its epochs. */
public final class LedgerApi implements ApiArea {
    private static final int EXPORTS = 100;

    private final LedgerLookup ledger;

    /** @param ledger from the index */
    public LedgerApi(LedgerLookup ledger) {
        this.ledger = ledger;
    }

    @Override
    public void bind(Operations operations) {
        operations.on("listForks", this::forks);
        operations.on("getFork", this::fork);
        operations.on("listEpochs", this::epochs);
    }

    private Reply forks(Call call) {
        try {
            LuxDid did = LuxDid.parse(call.query("did").orElse(""));
            return Reply.ok(Paging.body(ledger.forks(did, Paging.after(call), Paging.limit(call))));
        } catch (DidSyntaxException malformed) {
            throw Problem.invalid("query", "/did", String.valueOf(malformed.getMessage()));
        }
    }

    private Reply fork(Call call) {
        Bytes32 id = Bytes32.of(call.path("forkId"));
        LedgerLookup.Fork fork = ledger.fork(id).orElseThrow(() -> unknown(id));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("fork", fork);
        body.put("exports", ledger.exports(id, EXPORTS));
        return Reply.ok(body);
    }

    private Reply epochs(Call call) {
        Bytes32 id = Bytes32.of(call.path("forkId"));
        if (ledger.fork(id).isEmpty()) {
            throw unknown(id);
        }
        int limit = Paging.limit(call);
        List<LedgerLookup.Epoch> epochs =
                ledger.epochs(id, call.queryNumber("from").orElse(0), limit + 1);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("items", epochs.size() > limit ? epochs.subList(0, limit) : epochs);
        if (epochs.size() > limit) {
            body.put("next", epochs.get(limit).epoch());
        }
        return Reply.ok(body);
    }

    private static Problem unknown(Bytes32 id) {
        return Problem.notFound("no fork " + id + " is on the training ledger");
    }
}
