package io.bitdelta.node.api.publish;

import io.bitdelta.attestation.sign.EvmSignature;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.node.api.ApiArea;
import io.bitdelta.node.api.Call;
import io.bitdelta.node.api.Operations;
import io.bitdelta.node.api.Problem;
import io.bitdelta.node.api.Reply;
import io.bitdelta.node.jobs.Job;
import io.bitdelta.node.jobs.JobStep;
import io.bitdelta.node.jobs.Jobs;
import io.bitdelta.node.publish.PublishRefusedException;
import io.bitdelta.node.publish.Signatures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.web3j.utils.Numeric;

/** Jobs: look at one, follow it, give it the signature that it waits for. A caller sees their own, an operator all. */
public final class JobApi implements ApiArea {
    private static final int LISTED = 100;

    private final Jobs jobs;
    private final Signatures signatures;

    /** @param signatures takes owners' signatures */
    public JobApi(Jobs jobs, Signatures signatures) {
        this.jobs = jobs;
        this.signatures = signatures;
    }

    @Override
    public void bind(Operations operations) {
        operations.on("listJobs", this::list);
        operations.on("getJob", call -> Reply.ok(JobView.of(own(call))));
        operations.on("watchJob", this::watch);
        operations.on("signJob", this::sign);
    }

    private Reply list(Call call) {
        List<Job> found = call.principal().operator()
                ? jobs.newest(LISTED)
                : jobs.of(call.principal().id(), LISTED);
        return Reply.ok(Map.of("jobs", found.stream().map(JobView::of).toList()));
    }

    private Job own(Call call) {
        String id = call.path("id");
        return jobs.find(id)
                .filter(job -> call.principal().operator()
                        || job.principal().equals(call.principal().id()))
                .orElseThrow(() -> Problem.notFound("no job " + id));
    }

    private Reply watch(Call call) {
        Job job = own(call);
        int after = call.header("Last-Event-ID").map(JobApi::sequence).orElse(0);
        return Reply.events(sink -> {
            try {
                jobs.watch(job.id(), after, sink::open, event -> send(sink, event));
            } catch (UncheckedIOException left) {
                throw left.getCause();
            }
        });
    }

    private static int sequence(String header) {
        try {
            return Math.max(0, Integer.parseInt(header.strip()));
        } catch (NumberFormatException foreign) {
            throw Problem.invalid("header", "/Last-Event-ID", "it is the id of an event that was sent before");
        }
    }

    private static void send(Reply.EventSink sink, JobStep event) {
        try {
            sink.send(Integer.toString(event.seq()), event.name(), JobView.StepView.of(event));
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }

    private Reply sign(Call call) {
        Job job = own(call);
        try {
            signatures.give(
                    job,
                    EvmSignature.parse(Numeric.hexStringToByteArray(
                            call.json().path("signature").asString())));
        } catch (SignatureException malformed) {
            throw Problem.invalid("body", "/signature", String.valueOf(malformed.getMessage()));
        } catch (PublishRefusedException refused) {
            throw Problem.of(422, "signature-refused", String.valueOf(refused.getMessage()));
        }
        return Reply.json(202, JobView.of(jobs.find(job.id()).orElse(job)));
    }
}
