package io.bitdelta.node.api.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.node.api.ApiArea;
import io.bitdelta.node.api.Call;
import io.bitdelta.node.api.Operations;
import io.bitdelta.node.api.Problem;
import io.bitdelta.node.api.Reply;
import io.bitdelta.node.api.publish.JobIntake;
import io.bitdelta.node.publish.SigningRequest;
import io.bitdelta.node.soup.ConsentRequest;
import io.bitdelta.node.soup.Consenting;
import io.bitdelta.node.soup.SoupJob;
import io.bitdelta.node.soup.SoupRefusedException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.web3j.utils.Numeric;

/** Soups in the making: the operator proposes them with the node's bond, the members' owners consent. */
public final class ProposalApi implements ApiArea {
    private static final int LISTED = 100;

    private final JobIntake intake;
    private final Consenting consenting;

    /** @param consenting takes consents */
    public ProposalApi(JobIntake intake, Consenting consenting) {
        this.intake = intake;
        this.consenting = consenting;
    }

    /** A wish for a soup. */
    record ProposalBody(String name, List<String> members) {}

    /** An owner's answer. */
    record ConsentBody(String deltaId, String signature) {}

    /** A request for a consent, as its owner sees it. */
    record ConsentView(
            String proposal,
            String name,
            String deltaId,
            Instant deadline,
            boolean given,
            Map<String, Object> typedData) {}

    @Override
    public void bind(Operations operations) {
        operations.on("proposeSoup", this::propose);
        operations.on("listConsents", this::consents);
        operations.on("giveConsent", this::consent);
    }

    private Reply propose(Call call) {
        ProposalBody body = call.body(ProposalBody.class);
        return intake.accept(
                call,
                SoupJob.NAME,
                SoupJob.input(
                        body.name(), body.members().stream().map(Bytes32::of).toList()));
    }

    private Reply consents(Call call) {
        LuxDid did = LuxDid.parse(call.path("did"));
        return Reply.ok(Map.of(
                "consents",
                consenting.openFor(did.address(), LISTED).stream()
                        .map(this::view)
                        .toList()));
    }

    private Reply consent(Call call) {
        ConsentBody body = call.body(ConsentBody.class);
        try {
            return Reply.ok(view(consenting.give(
                    call.path("id"),
                    Bytes32.of(body.deltaId()),
                    EvmSignature.parse(Numeric.hexStringToByteArray(body.signature())))));
        } catch (SignatureException malformed) {
            throw Problem.invalid("body", "/signature", String.valueOf(malformed.getMessage()));
        } catch (SoupRefusedException refused) {
            throw Problem.of(422, "consent-refused", String.valueOf(refused.getMessage()));
        }
    }

    private ConsentView view(ConsentRequest request) {
        return new ConsentView(
                SoupJob.jobId(request.intent()),
                request.name(),
                request.message().deltaId().hex(),
                Instant.ofEpochSecond(request.message().deadline()),
                request.given(),
                SigningRequest.of(request.message(), consenting.consents().domain()));
    }
}
