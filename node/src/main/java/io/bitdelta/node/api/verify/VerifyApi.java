package io.bitdelta.node.api.verify;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.InvalidCidException;
import io.bitdelta.node.api.ApiArea;
import io.bitdelta.node.api.Call;
import io.bitdelta.node.api.Operations;
import io.bitdelta.node.api.Problem;
import io.bitdelta.node.api.Reply;
import io.bitdelta.node.verify.Check;
import io.bitdelta.node.verify.VerifyService;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** {@code GET /api/verify/{id}}. */
public final class VerifyApi implements ApiArea {
    private static final int SOON = 2;

    private final VerifyService service;
    private final Function<Cid, Optional<Bytes32>> byManifest;

    /** @param byManifest finds the delta whose manifest has a CID */
    public VerifyApi(VerifyService service, Function<Cid, Optional<Bytes32>> byManifest) {
        this.service = service;
        this.byManifest = byManifest;
    }

    /** What was found. */
    record Report(String id, long block, boolean ok, List<Check> checks) {}

    @Override
    public void bind(Operations operations) {
        operations.on("verify", this::verify);
    }

    private Reply verify(Call call) throws IOException {
        Bytes32 deltaId = deltaId(call.path("id"));
        VerifyService.Dated dated = service.verify(deltaId)
                .orElseThrow(() -> Problem.unavailable(
                        "overloaded", "the node is making as many checks as it makes at once", SOON));
        return Reply.ok(new Report(
                deltaId.hex(),
                dated.block(),
                dated.report().ok(),
                dated.report().checks()));
    }

    private Bytes32 deltaId(String text) {
        if (text.startsWith("0x")) {
            return Bytes32.of(text);
        }
        try {
            return byManifest
                    .apply(Cid.parse(text))
                    .orElseThrow(() -> Problem.notFound("no published delta has the manifest " + text));
        } catch (InvalidCidException malformed) {
            throw Problem.invalid("path", "/id", "is no CID: " + malformed.getMessage());
        }
    }
}
