package io.bitdelta.node.api.store;

import io.bitdelta.node.api.ApiArea;
import io.bitdelta.node.api.Operations;
import io.bitdelta.node.api.publish.JobIntake;
import io.bitdelta.node.scrub.ScrubJob;

/** Operations of the tag {@code store}. */
public final class StoreApi implements ApiArea {
    private final JobIntake intake;

    /** @param intake accepts the work */
    public StoreApi(JobIntake intake) {
        this.intake = intake;
    }

    @Override
    public void bind(Operations operations) {
        operations.on("scrubStore", call -> intake.accept(call, ScrubJob.NAME, ScrubJob.input()));
    }
}
