package io.bitdelta.node.api.royalty;

import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.node.api.Operations.Handler;
import io.bitdelta.node.api.Problem;
import io.bitdelta.node.royalty.RoyaltyInputException;
import io.bitdelta.node.royalty.UsageConflictException;
import io.bitdelta.node.royalty.VoucherRefusedException;
import io.bitdelta.node.royalty.statement.PeriodException;
import io.bitdelta.node.soup.WeightsUnknownException;
import java.time.DateTimeException;
import java.util.Locale;

/** Tells this area's failures as problems. */
final class RoyaltyProblems {
    private RoyaltyProblems() {}

    static Handler told(Handler handler) {
        return call -> {
            try {
                return handler.handle(call);
            } catch (RoyaltyInputException | PeriodException | SignatureException | DateTimeException unfit) {
                throw Problem.of(422, "unusable", String.valueOf(unfit.getMessage()));
            } catch (UsageConflictException conflict) {
                throw Problem.conflict(String.valueOf(conflict.getMessage()));
            } catch (VoucherRefusedException refused) {
                String reason = refused.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
                throw Problem.of(422, "voucher-" + reason, String.valueOf(refused.getMessage()));
            } catch (WeightsUnknownException unknown) {
                throw Problem.of(404, "weights-unknown", String.valueOf(unknown.getMessage()));
            }
        };
    }
}
