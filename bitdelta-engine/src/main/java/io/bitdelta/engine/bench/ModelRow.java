package io.bitdelta.engine.bench;

import java.util.Locale;
import java.util.Optional;

/** What {@code bench model} measures; each can be asked for alone. */
public enum ModelRow {
    /** One token of the base against reading its weights. */
    DECODE(0),
    /** One token with a delta and exact activations, against the base alone. */
    DECODE_DELTA_F32(1),
    /** The same with activations of 8 bits. */
    DECODE_DELTA_INT8(1),
    /** Eight users in one batch against one after the other. */
    BATCH_8(8),
    /** From one verified user to another: median, 99th percentile and worst. */
    SWITCH(8),
    /** The first use of a delta against hashing its file. */
    FIRST_MAPPING(1),
    /** A prompt against PyTorch. */
    PREFILL(0),
    /** Calibration of the tiny model with the command's defaults. */
    CALIBRATE_TINY(0),
    /** A private training step against a plain one. */
    DP_STEP(0),
    /** The installed program from its start to the first token, in a process of its own. */
    FIRST_TOKEN(0);

    private final int users;

    ModelRow(int users) {
        this.users = users;
    }

    /** The row's name in options and results. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Deltas that it needs over the synthetic checkpoint. */
    int users() {
        return users;
    }

    /** Whether it needs the synthetic checkpoint at all. */
    boolean synthetic() {
        return compareTo(PREFILL) <= 0;
    }

    /** The row of that name. */
    public static Optional<ModelRow> named(String text) {
        for (ModelRow row : values()) {
            if (row.text().equals(text)) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }
}
