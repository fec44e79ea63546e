package io.bitdelta.node.api.royalty;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.soup.WeightTree;
import io.bitdelta.node.api.ApiArea;
import io.bitdelta.node.api.Call;
import io.bitdelta.node.api.Operations;
import io.bitdelta.node.api.Problem;
import io.bitdelta.node.api.Reply;
import io.bitdelta.node.royalty.Royalties;
import io.bitdelta.node.royalty.view.SoupView;
import io.bitdelta.node.soup.MemberList;
import io.bitdelta.node.soup.MembersUnknownException;
import io.bitdelta.node.soup.SoupMembers;
import io.bitdelta.node.soup.SoupRegister;
import io.bitdelta.node.soup.WeightList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operations of the tag {@code soups}: what the index knows of them, and who is paid. */
public final class SoupApi implements ApiArea {
    private static final int PAGE = 50;

    private final SoupRegister soups;
    private final SoupMembers members;
    private final Royalties royalties;

    /**
     * @param soups from the index
     * @param members from their manifests
     */
    public SoupApi(SoupRegister soups, SoupMembers members, Royalties royalties) {
        this.soups = soups;
        this.members = members;
        this.royalties = royalties;
    }

    @Override
    public void bind(Operations operations) {
        operations.on("listSoups", RoyaltyProblems.told(this::list));
        operations.on("getSoup", RoyaltyProblems.told(this::soup));
        operations.on("listMembers", this::members);
        operations.on("listPayees", RoyaltyProblems.told(this::payees));
        operations.on("proveShares", RoyaltyProblems.told(this::proofs));
    }

    private Reply list(Call call) {
        int limit = Math.toIntExact(call.queryNumber("limit").orElse(PAGE));
        String cursor = call.query("cursor").orElse("");
        List<SoupRegister.Entry> page;
        try {
            page = soups.page(cursor, limit + 1);
        } catch (IllegalArgumentException unknown) {
            throw Problem.invalid("query", "/cursor", "take it from the field next of the page before");
        }
        boolean more = page.size() > limit;
        List<SoupRegister.Entry> shown = more ? page.subList(0, limit) : page;
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("soups", shown);
        if (more) {
            answer.put("next", shown.getLast().cursor());
        }
        return Reply.ok(answer);
    }

    private Reply soup(Call call) {
        Bytes32 soupId = Bytes32.of(call.path("id"));
        return Reply.ok(SoupView.of(entry(soupId), royalties, soups.slash(soupId)));
    }

    private Reply members(Call call) {
        Bytes32 soupId = Bytes32.of(call.path("id"));
        entry(soupId);
        List<MemberList.Entry> entries;
        try {
            entries = members.of(soupId).entries();
        } catch (MembersUnknownException withheld) {
            throw Problem.of(404, "members-unknown", String.valueOf(withheld.getMessage()));
        }
        int from = Math.toIntExact(
                Math.min(entries.size(), call.queryNumber("cursor").orElse(0)));
        int to = Math.toIntExact(
                Math.min(entries.size(), from + call.queryNumber("limit").orElse(PAGE)));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(
                "members",
                entries.subList(from, to).stream().map(SoupApi::member).toList());
        if (to < entries.size()) {
            answer.put("next", to);
        }
        return Reply.ok(answer);
    }

    private static Map<String, Object> member(MemberList.Entry entry) {
        Map<String, Object> member = new LinkedHashMap<>();
        member.put("deltaId", entry.deltaId().hex());
        member.put("consentUntil", Instant.ofEpochSecond(entry.deadline()));
        member.put("consent", HexText.of(entry.consent().bytes()));
        return member;
    }

    private Reply payees(Call call) {
        Bytes32 soupId = Bytes32.of(call.path("id"));
        entry(soupId);
        List<WeightTree.Share> shares = royalties.weights().of(soupId).shares();
        int from = Math.toIntExact(
                Math.min(shares.size(), call.queryNumber("cursor").orElse(0)));
        int to = Math.toIntExact(
                Math.min(shares.size(), from + call.queryNumber("limit").orElse(PAGE)));
        List<Map<String, Object>> payees = new ArrayList<>();
        for (int leaf = from; leaf < to; leaf++) {
            payees.add(payee(leaf, shares.get(leaf)));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("payees", payees);
        if (to < shares.size()) {
            answer.put("next", to);
        }
        return Reply.ok(answer);
    }

    private Reply proofs(Call call) {
        Bytes32 soupId = Bytes32.of(call.path("id"));
        entry(soupId);
        String identity = EvmAddress.of(call.path("identity")).hex();
        WeightTree weights = royalties.weights().of(soupId);
        List<Map<String, Object>> proofs = new ArrayList<>();
        for (int leaf = 0; leaf < weights.shares().size(); leaf++) {
            WeightTree.Share share = weights.shares().get(leaf);
            if (WeightList.who(share).equals(identity)) {
                Map<String, Object> proof = payee(leaf, share);
                proof.put("proof", weights.proof(leaf).stream().map(Hash32::hex).toList());
                proofs.add(proof);
            }
        }
        if (proofs.isEmpty()) {
            throw Problem.notFound("soup %s does not pay %s".formatted(soupId, identity));
        }
        return Reply.ok(Map.of("weightsRoot", weights.root().hex(), "proofs", proofs));
    }

    private static Map<String, Object> payee(int leaf, WeightTree.Share share) {
        Map<String, Object> payee = new LinkedHashMap<>();
        payee.put("leaf", leaf);
        payee.put("kind", share.kind() == WeightTree.Kind.SOUP ? "soup" : "identity");
        payee.put("who", WeightList.who(share));
        payee.put("start", share.start());
        payee.put("end", share.end());
        return payee;
    }

    private SoupRegister.Entry entry(Bytes32 soupId) {
        Optional<SoupRegister.Entry> found = soups.find(soupId);
        return found.orElseThrow(() -> Problem.notFound("no soup %s on this registry".formatted(soupId)));
    }
}
