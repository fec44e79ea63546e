package io.bitdelta.node.publish;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.node.jobs.Job;
import io.bitdelta.node.jobs.Jobs;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Takes owners' signatures for jobs that wait for them. */
public final class Signatures {
    private static final JsonMapper JSON = new JsonMapper();

    private final Jobs jobs;
    private final PublishService publishing;
    private final RegistryContract registry;

    /** @param jobs that wait */
    public Signatures(Jobs jobs, PublishService publishing, RegistryContract registry) {
        this.jobs = jobs;
        this.publishing = publishing;
        this.registry = registry;
    }

    /**
     * Gives a job its signature.
     *
     * @throws PublishRefusedException when the job waits for none, or the signature is not the owner's
     */
    public void give(Job job, EvmSignature signature) {
        ObjectNode prepared = job.result("prepared")
                .orElseThrow(() -> new PublishRefusedException(
                        "job %s has nothing to sign yet: look for its step \"prepared\"".formatted(job.id())));
        Bytes32 deltaId = Bytes32.of(prepared.path("deltaId").asString());
        EvmAddress identity;
        Bytes32 digest;
        switch (job.kind()) {
            case PublishJob.NAME -> {
                identity = EvmAddress.of(job.input().path("identity").asString());
                digest = PublishJob.message(prepared).digest(registry.domain());
            }
            case RevokeJob.NAME -> {
                identity = registry.record(deltaId).orElseThrow().identity();
                digest = RevokeJob.message(prepared).digest(registry.domain());
            }
            default ->
                throw new PublishRefusedException("job %s (%s) needs no signature".formatted(job.id(), job.kind()));
        }
        if (!publishing.accepts(identity, digest, signature)) {
            throw new PublishRefusedException(
                    "the signature is not by %s, its controller or its delegate for publishing, over the typed data of job %s: sign the newest \"prepared\" step's typedData"
                            .formatted(identity, job.id()));
        }
        ObjectNode step =
                JSON.createObjectNode().put("deltaId", deltaId.hex()).put("signature", HexText.of(signature.bytes()));
        if (!jobs.signal(job.id(), PublishJob.SIGNATURE, step)) {
            throw new PublishRefusedException("job %s is over".formatted(job.id()));
        }
    }
}
