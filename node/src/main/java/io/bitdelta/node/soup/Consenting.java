package io.bitdelta.node.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.node.jobs.Job;
import io.bitdelta.node.jobs.Jobs;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Takes owners' consents for soups that wait for them, and wakes the soup's job with the last one. */
public final class Consenting {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Jobs jobs;
    private final SoupConsents consents;

    /** @param jobs of soups */
    public Consenting(Jobs jobs, SoupConsents consents) {
        this.jobs = jobs;
        this.consents = consents;
    }

    /** What is asked of an identity now. */
    public List<ConsentRequest> openFor(EvmAddress identity, int most) {
        return consents.openFor(identity, most).stream()
                .filter(request -> jobs.find(SoupJob.jobId(request.intent()))
                        .filter(job -> !job.state().isFinal())
                        .isPresent())
                .toList();
    }

    /** Where the typed data of a request is to be verified. */
    public SoupConsents consents() {
        return consents;
    }

    /**
     * Takes one.
     *
     * @param proposal the soup's job
     * @return what was asked, now given
     * @throws SoupRefusedException when the job waits for no such consent, or the signature is not the owner's
     */
    public ConsentRequest give(String proposal, Bytes32 deltaId, EvmSignature signature) {
        Job job = jobs.find(proposal)
                .filter(found -> found.kind().equals(SoupJob.NAME))
                .orElseThrow(() -> new SoupRefusedException("no soup waits under " + proposal));
        String intent = SoupJob.intent(proposal);
        consents.give(intent, deltaId, signature);
        if (!jobs.signal(
                job.id(),
                SoupJob.CONSENTS,
                JSON.createObjectNode().put("given", consents.given(intent)).put("newest", deltaId.hex()))) {
            throw new SoupRefusedException("the soup of job %s is over".formatted(proposal));
        }
        return consents.request(intent, deltaId).orElseThrow();
    }
}
