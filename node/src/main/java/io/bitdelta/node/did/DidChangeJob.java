package io.bitdelta.node.did;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.jobs.JobKind;
import io.bitdelta.node.jobs.JobKind.Outcome;
import io.bitdelta.node.jobs.JobRun;
import io.bitdelta.node.publish.Sponsor;
import io.bitdelta.node.relay.GasBudget;
import java.math.BigInteger;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Carries a signed change of an identity to the chain, at the node's expense and under its budget of gas. Whoever brings
 * the signature, it is the controller's.
 */
public final class DidChangeJob implements JobKind {
    /** Its name. */
    public static final String NAME = "did-change";

    /** The step with {@code tx}, {@code gas} and {@code block}. */
    public static final String CONFIRMED = "confirmed";

    /** Measured at 75 000 for an attribute of one word, and room over it. */
    private static final long CHANGE_GAS = 130_000;

    /** Calldata, and the log of an attribute's value. */
    private static final long GAS_PER_BYTE = 48;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final DidChanges changes;
    private final Sponsor sponsor;

    /** @param sponsor pays for the gas */
    public DidChangeJob(DidChanges changes, Sponsor sponsor) {
        this.changes = changes;
        this.sponsor = sponsor;
    }

    /** What is asked for. */
    public static ObjectNode input(LuxDid did, DidChange change, DidChanges.Slot slot, EvmSignature signature) {
        ObjectNode input = JSON.createObjectNode().put("did", did.toString());
        input.set("change", JSON.valueToTree(DidChangeForm.of(change)));
        input.set("slot", JSON.valueToTree(slot));
        return input.put("signature", HexText.of(signature.bytes()));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> steps() {
        return List.of(CONFIRMED);
    }

    @Override
    public Outcome run(JobRun run) {
        ObjectNode input = run.input();
        EvmAddress identity = LuxDid.parse(input.path("did").asString()).address();
        DidChangeForm form = JSON.treeToValue(input.path("change"), DidChangeForm.class);
        DidChanges.Slot slot = JSON.treeToValue(input.path("slot"), DidChanges.Slot.class);
        EvmSignature signature =
                EvmSignature.parse(HexText.parse(input.path("signature").asString()));
        String value = form.value();
        long gas = CHANGE_GAS + (value == null ? 0 : GAS_PER_BYTE * (value.length() / 2));
        GasBudget.Grant grant = sponsor.reserve(run.id(), run.principal(), gas);
        if (!(grant instanceof GasBudget.Grant.Reserved)) {
            return Sponsor.later(grant);
        }
        OutboxEntry sent = changes.send(identity, form.parse(), slot, signature);
        sponsor.settle(run.id(), sent.costWei());
        run.record(
                CONFIRMED,
                JSON.createObjectNode()
                        .put("tx", sent.hash())
                        .put("gas", sent.gasUsed())
                        .put("block", sent.block()));
        return new Outcome.Done();
    }

    /** Money for a change that the chain refused comes back. */
    @Override
    public void abandoned(JobRun run) {
        if (run.result(CONFIRMED).isEmpty()) {
            sponsor.settle(run.id(), BigInteger.ZERO);
        }
    }
}
