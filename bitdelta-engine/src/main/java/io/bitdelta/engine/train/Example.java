package io.bitdelta.engine.train;

import java.util.Arrays;
import java.util.List;

/**
 * One sequence to learn from.
 */
public final class Example {
    private final int[] inputs;
    private final int[] targets;

    /** Checks that there is a target for each input. */
    public Example(int[] inputs, int[] targets) {
        if (inputs.length == 0 || inputs.length != targets.length) {
            throw new IllegalArgumentException(inputs.length + " inputs and " + targets.length + " targets");
        }
        this.inputs = inputs;
        this.targets = targets;
    }

    /** Tokens. */
    public int[] inputs() {
        return inputs;
    }

    /** The token to predict after each input, or {@link #NO_LOSS}. */
    public int[] targets() {
        return targets;
    }

    /** A position that is read but not learnt. */
    public static final int NO_LOSS = -1;

    /** How many positions are learnt. */
    public int learnt() {
        int count = 0;
        for (int target : targets) {
            count += target == NO_LOSS ? 0 : 1;
        }
        return count;
    }

    /** How many positions of all examples are learnt. */
    public static long learnt(List<Example> examples) {
        return examples.stream().mapToLong(Example::learnt).sum();
    }

    /** Inputs of one length: what is behind a sequence's end cannot be seen from within it. */
    public static int[][] inputs(List<Example> examples) {
        int length = examples.stream().mapToInt(e -> e.inputs.length).max().orElseThrow();
        return examples.stream().map(e -> Arrays.copyOf(e.inputs, length)).toArray(int[][]::new);
    }

    /** The targets of examples. */
    public static List<int[]> targets(List<Example> examples) {
        return examples.stream().map(Example::targets).toList();
    }
}
