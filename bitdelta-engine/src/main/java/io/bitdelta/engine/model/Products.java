package io.bitdelta.engine.model;

import io.bitdelta.engine.kernel.MatrixKernels;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.work.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products of a batch, base and deltas together. The base's weights are read once for all tokens; each token's
 * delta is added while its rows are at hand. Many tokens of one model are multiplied with tiles of {@code base + delta}
 * that never leave the cache. Tasks are blocks of rows: results do not depend on the number of threads.
 */
final class Products {
    /** From this many tokens of one model on, arithmetic and not memory is the limit. */
    static final int MANY = 16;

    /** From this many on, eight at a time are faster than one after the other. */
    private static final int SEVERAL = 4;

    private static final int WEIGHTS_PER_TASK = 1 << 18;

    /** Rows of a task are a multiple of this: whole panels, and whole blocks of the kernels of signs. */
    private static final int QUANTUM = 32;

    /** One product {@code y[t] = W x[t]}. */
    static final class Job {
        private final WeightMatrix base;
        private final String name;
        private final float[] y;

        /**
         * A product to compute.
         *
         * @param base the base's weights
         * @param name their name, by which deltas know them
         * @param y [tokens, base.rows()]
         */
        Job(WeightMatrix base, String name, float[] y) {
            this.base = base;
            this.name = name;
            this.y = y;
        }

        WeightMatrix base() {
            return base;
        }

        String name() {
            return name;
        }

        float[] y() {
            return y;
        }
    }

    /** Tokens {@code first} to {@code first + count - 1}, multiplied with one matrix; tile adds a delta to it. */
    private record Run(
            WeightMatrix matrix,
            int first,
            int count,
            @Nullable DeltaTensor tile,
            boolean many) {
        boolean together() {
            return !many && count >= SEVERAL && matrix.type() != Dtype.F16;
        }
    }

    /** Activations in the forms that kernels want, each made once for all products that share them. */
    private final class Inputs {
        private final float[] x;
        private final int columns;
        private final SignMatrix.Input[] signs;
        private final Map<Integer, float[]> together = new HashMap<>();
        private float[] packed = {};

        Inputs(float[] x, int tokens) {
            this.x = x;
            this.columns = x.length / tokens;
            this.signs = new SignMatrix.Input[tokens];
        }

        void prepare(Run run) {
            if (run.many() && packed.length == 0) {
                packed = pack(x, signs.length, columns);
            }
            if (run.together()) {
                for (int first = run.first(); first < run.first() + run.count(); first += MatrixKernels.TOGETHER) {
                    int count = Math.min(MatrixKernels.TOGETHER, run.first() + run.count() - first);
                    int at = first * columns;
                    together.computeIfAbsent(key(first, count), key -> {
                        float[] group = new float[MatrixKernels.interleavedLength(columns)];
                        kernels.interleave(x, at, columns, count, columns, group, 0);
                        return group;
                    });
                }
            }
        }

        float[] together(int first, int count) {
            return Objects.requireNonNull(together.get(key(first, count)), "prepared with the plan");
        }

        SignMatrix.Input signs(SignMatrix matrix, int token) {
            SignMatrix.Input shared = matrix.scaledByRows() ? signs[token] : null;
            if (shared != null) {
                return shared;
            }
            SignMatrix.Input input = matrix.prepare(kernels, x, token * columns, quantise);
            if (matrix.scaledByRows()) {
                signs[token] = input;
            }
            return input;
        }

        private int key(int first, int count) {
            return first * MatrixKernels.TOGETHER + count - 1;
        }
    }

    /** Adds a delta's part to rows {@code first} to {@code first + count - 1} of one token's output. */
    @FunctionalInterface
    private interface Rows {
        void add(int first, int count, float[] y, int yAt);
    }

    private record Addition(int token, Rows rows) {}

    private record Plan(Job job, List<Run> runs, List<Addition> additions, int rowsPerTask, int tasks) {}

    private final MatrixKernels kernels;
    private final Workers workers;
    private final boolean quantise;

    Products(MatrixKernels kernels, Workers workers, boolean quantise) {
        this.kernels = kernels;
        this.workers = workers;
        this.quantise = quantise;
    }

    /**
     * Computes products that share their input.
     *
     * @param x [tokens, columns]
     * @param rows whose token is in which row
     */
    void run(List<Job> jobs, float[] x, List<TokenRow> rows) {
        Inputs inputs = new Inputs(x, rows.size());
        List<Plan> plans = new ArrayList<>();
        int tasks = 0;
        for (Job job : jobs) {
            Plan plan = plan(job, inputs, rows);
            plan.runs().forEach(inputs::prepare);
            tasks += plan.tasks();
            plans.add(plan);
        }
        workers.forEach(tasks, task -> {
            int left = task;
            for (Plan plan : plans) {
                if (left < plan.tasks()) {
                    int first = left * plan.rowsPerTask();
                    int end = Math.min(plan.job().base().rows(), first + plan.rowsPerTask());
                    block(plan, inputs, first, end);
                    return;
                }
                left -= plan.tasks();
            }
        });
    }

    private Plan plan(Job job, Inputs inputs, List<TokenRow> rows) {
        List<Run> runs = new ArrayList<>();
        List<Addition> additions = new ArrayList<>();
        int columns = job.base().columns();
        for (int first = 0; first < rows.size(); ) {
            DeltaWeights delta = rows.get(first).delta();
            int end = first + 1;
            while (end < rows.size() && rows.get(end).delta() == delta) {
                end++;
            }
            DeltaTensor change = delta == null ? null : delta.matrix(job.name());
            boolean many = end - first >= MANY;
            if (change instanceof DeltaTensor.Replaced replaced) {
                runs.add(new Run(replaced.matrix(), first, end - first, null, many));
            } else if (many) {
                runs.add(new Run(job.base(), first, end - first, change, true));
            } else {
                Run before = runs.isEmpty() ? null : runs.getLast();
                if (before != null && before.matrix().equals(job.base()) && !before.many()) {
                    runs.removeLast();
                    runs.add(new Run(job.base(), before.first(), end - before.first(), null, false));
                } else {
                    runs.add(new Run(job.base(), first, end - first, null, false));
                }
                for (int token = first; change != null && token < end; token++) {
                    additions.add(addition(change, inputs, token));
                }
            }
            first = end;
        }
        int perTask = Math.max(1, WEIGHTS_PER_TASK / columns / QUANTUM) * QUANTUM;
        int tasks = (job.base().rows() + perTask - 1) / perTask;
        return new Plan(job, runs, additions, perTask, tasks);
    }

    private Addition addition(DeltaTensor change, Inputs inputs, int token) {
        Rows rows =
                switch (change) {
                    case DeltaTensor.Signed signed -> {
                        SignMatrix matrix = signed.matrix();
                        SignMatrix.Input input = inputs.signs(matrix, token);
                        yield (first, count, y, yAt) -> matrix.addProduct(kernels, input, first, count, y, yAt);
                    }
                    case DeltaTensor.LowRank lowRank -> {
                        float[] inner = lowRank.inner(inputs.x, token * inputs.columns);
                        yield (first, count, y, yAt) -> lowRank.addProduct(inner, first, count, y, yAt);
                    }
                    case DeltaTensor.Replaced replaced ->
                        throw new IllegalStateException("a replaced matrix adds nothing");
                };
        return new Addition(token, rows);
    }

    /** Groups of tokens side by side: [groups, columns, panelTokens], the last group filled with zeros. */
    private float[] pack(float[] x, int tokens, int columns) {
        int width = kernels.panelTokens();
        int groups = (tokens + width - 1) / width;
        float[] packed = new float[Math.multiplyExact(Math.multiplyExact(groups, width), columns)];
        workers.forEach(groups, group -> {
            int count = Math.min(width, tokens - group * width);
            int to = group * columns * width;
            for (int token = 0; token < count; token++) {
                int from = (group * width + token) * columns;
                for (int column = 0; column < columns; column++) {
                    packed[to + column * width + token] = x[from + column];
                }
            }
        });
        return packed;
    }

    private void block(Plan plan, Inputs inputs, int first, int end) {
        int rows = plan.job().base().rows();
        float[] y = plan.job().y();
        for (Run run : plan.runs()) {
            if (run.many()) {
                panels(run, inputs.packed, y, rows, first, end);
            } else if (run.together()) {
                together(run, inputs, y, rows, first, end);
            } else {
                few(run, inputs.x, y, rows, first, end);
            }
        }
        for (Addition addition : plan.additions()) {
            addition.rows().add(first, end - first, y, addition.token() * rows + first);
        }
    }

    private void together(Run run, Inputs inputs, float[] y, int rows, int first, int end) {
        WeightMatrix matrix = run.matrix();
        for (int token = run.first(); token < run.first() + run.count(); token += MatrixKernels.TOGETHER) {
            int count = Math.min(MatrixKernels.TOGETHER, run.first() + run.count() - token);
            kernels.dotTogether(
                    matrix.type(),
                    matrix.data(),
                    first * matrix.rowBytes(),
                    matrix.rowBytes(),
                    end - first,
                    matrix.columns(),
                    inputs.together(token, count),
                    0,
                    count,
                    y,
                    token * rows + first,
                    rows);
        }
    }

    private void few(Run run, float[] x, float[] y, int rows, int first, int end) {
        WeightMatrix matrix = run.matrix();
        int columns = matrix.columns();
        int xAt = run.first() * columns;
        int yAt = run.first() * rows + first;
        if (matrix.type() != Dtype.F16) {
            long from = first * matrix.rowBytes();
            kernels.dot(
                    matrix.type(),
                    matrix.data(),
                    from,
                    matrix.rowBytes(),
                    end - first,
                    columns,
                    x,
                    xAt,
                    columns,
                    run.count(),
                    y,
                    yAt,
                    rows);
            return;
        }
        float[] tile = new float[columns];
        for (int row = first; row < end; row++) {
            kernels.widen(Dtype.F16, matrix.data(), row * matrix.rowBytes(), columns, tile, 0);
            for (int token = 0; token < run.count(); token++) {
                y[yAt + token * rows + row - first] = kernels.dot(tile, 0, x, xAt + token * columns, columns);
            }
        }
    }

    private void panels(Run run, float[] packed, float[] y, int rows, int first, int end) {
        WeightMatrix matrix = run.matrix();
        int columns = matrix.columns();
        int width = kernels.panelTokens();
        float[] tile = new float[MatrixKernels.PANEL_ROWS * columns];
        float[] out = new float[MatrixKernels.PANEL_ROWS * width];
        int firstGroup = run.first() / width;
        int endGroup = (run.first() + run.count() + width - 1) / width;
        for (int row = first; row < end; row += MatrixKernels.PANEL_ROWS) {
            int count = Math.min(MatrixKernels.PANEL_ROWS, end - row);
            for (int i = 0; i < count; i++) {
                kernels.widen(matrix.type(), matrix.data(), (row + i) * matrix.rowBytes(), columns, tile, i * columns);
                switch (run.tile()) {
                    case null -> {}
                    case DeltaTensor.Signed signed -> signed.matrix().addRow(kernels, row + i, tile, i * columns);
                    case DeltaTensor.LowRank lowRank -> lowRank.addRow(row + i, tile, i * columns);
                    case DeltaTensor.Replaced replaced ->
                        throw new IllegalStateException("a replaced matrix has no tile");
                }
            }
            for (int group = firstGroup; group < endGroup; group++) {
                kernels.panel(tile, 0, columns, packed, group * columns * width, width, out);
                int from = Math.max(run.first(), group * width);
                int to = Math.min(run.first() + run.count(), (group + 1) * width);
                for (int token = from; token < to; token++) {
                    for (int i = 0; i < count; i++) {
                        y[token * rows + row + i] = out[i * width + token - group * width];
                    }
                }
            }
        }
    }
}
