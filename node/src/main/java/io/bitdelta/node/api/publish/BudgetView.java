package io.bitdelta.node.api.publish;

import io.bitdelta.node.relay.GasBudget;

/** What the node spends on others: wei as decimal strings of the chain's native coin (18 decimals). */
record BudgetView(Window hour, Window day, int perCallerPerDay, boolean spent, int decimals) {
    private static final int NATIVE_DECIMALS = 18;

    /** Of one window of time. */
    record Window(String limit, String spent) {}

    static BudgetView of(GasBudget.Status status) {
        return new BudgetView(
                new Window(status.hourLimit().toString(), status.hourSpent().toString()),
                new Window(status.dayLimit().toString(), status.daySpent().toString()),
                status.perPrincipalPerDay(),
                status.spent(),
                NATIVE_DECIMALS);
    }
}
