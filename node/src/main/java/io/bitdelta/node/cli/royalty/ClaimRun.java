package io.bitdelta.node.cli.royalty;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.client.RemoteJob;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.royalty.ClaimJob;
import io.bitdelta.node.royalty.Claims;
import io.bitdelta.node.royalty.Royalties;
import io.bitdelta.node.royalty.view.ClaimView;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Claims and tells what came of it. */
final class ClaimRun {
    private ClaimRun() {}

    /** Asks a running node to claim, at its expense, and waits until it has. */
    static ClaimView remote(ApiClient node, LuxDid did, Optional<EvmAddress> token, Output output) {
        Map<String, Object> wish = new LinkedHashMap<>();
        wish.put("did", did.toString());
        token.ifPresent(one -> wish.put("token", one.hex()));
        JsonNode claimed =
                RemoteJob.result(node, node.post("/api/royalties/claims", wish), ClaimJob.CLAIMED, output::say);
        int left = claimed.path("transactionsLeft").asInt(0);
        if (left > 0) {
            output.say("%d more transactions are needed: claim again".formatted(left));
        }
        return JsonMapper.shared().treeToValue(claimed, ClaimView.class);
    }

    /** Claims one token, or all. */
    static ClaimView here(LocalNode node, LuxDid did, Optional<EvmAddress> token) throws IOException {
        node.catchUp();
        Royalties royalties = node.royalties();
        Claims.Outcome outcome = royalties.claims().claim(royalties.claims().plan(did.address(), token));
        return ClaimView.of(did, outcome, royalties.tokens()::at);
    }

    /** Tells what was claimed; the exit code says whether the contract refused a share. */
    static int tell(ClaimView view, Output output) {
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
