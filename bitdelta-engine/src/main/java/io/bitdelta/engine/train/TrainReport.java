package io.bitdelta.engine.train;

import io.bitdelta.engine.privacy.PrivacyStatement;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a training did.
 *
 * @param method how
 * @param loss mean over the last tenth of the steps, in nats per token; empty in a private run, which must not tell it
 * @param heldLoss the lowest on the text held out
 * @param steps taken, those before a resumption included
 * @param resumedAt the step at which this process took over
 * @param tokens learnt from
 * @param parameters numbers learnt
 * @param stoppedEarly whether the loss on the text held out had ceased to fall
 * @param privacy the guarantee of a private run
 * @param seconds of this process
 */
public record TrainReport(
        String method,
        OptionalDouble loss,
        OptionalDouble heldLoss,
        int steps,
        OptionalInt resumedAt,
        long tokens,
        long parameters,
        boolean stoppedEarly,
        Optional<PrivacyStatement> privacy,
        double seconds) {}
