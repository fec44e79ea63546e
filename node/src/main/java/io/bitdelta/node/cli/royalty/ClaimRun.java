package io.bitdelta.node.cli.royalty;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.royalty.Claims;
import io.bitdelta.node.royalty.Royalties;
import io.bitdelta.node.royalty.view.ClaimView;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Claims and tells what came of it. */
final class ClaimRun {
    private ClaimRun() {}

    /** Asks a node to claim, at its expense; tells the job that does. */
    static int remote(ApiClient node, LuxDid did, Optional<EvmAddress> token, Output output) {
        Map<String, Object> wish = new LinkedHashMap<>();
        wish.put("did", did.toString());
        token.ifPresent(one -> wish.put("token", one.hex()));
        try (node) {
            JsonNode accepted = node.post("/api/royalties/claims", wish);
            output.result(
                    accepted,
                    out -> out.printf(
                            "accepted as job %s; see %s%n",
                            accepted.path("job").stringValue(""),
                            node.address().resolve(accepted.path("href").stringValue("/"))));
        }
        return ExitCode.OK;
    }

    /** Claims one token, or all; the exit code says whether the contract refused a share. */
    static int of(LocalNode node, LuxDid did, Optional<EvmAddress> token, Output output) throws IOException {
        node.catchUp();
        Royalties royalties = node.royalties();
        Claims.Outcome outcome = royalties.claims().claim(royalties.claims().plan(did.address(), token));
        ClaimView view = ClaimView.of(did, outcome, royalties.tokens()::at);
        output.result(view, out -> {
            view.pulls().forEach(pull -> out.printf("pulled a share, tx %s, gas %d%n", pull.tx(), pull.gas()));
            view.claims()
                    .forEach(claim -> out.printf(
                            "claimed %s %s from %d soups, tx %s, gas %d%n",
                            claim.amount().shown(), claim.symbol(), claim.soups(), claim.tx(), claim.gas()));
            view.refused()
                    .forEach(refused ->
                            out.printf("soup %s leaf %d: %s%n", refused.soup(), refused.leaf(), refused.reason()));
            if (view.claims().isEmpty() && view.refused().isEmpty()) {
                out.println("nothing to claim");
            }
        });
        return view.refused().isEmpty() ? ExitCode.OK : ExitCode.DOES_NOT_HOLD;
    }
}
