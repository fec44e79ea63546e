package io.bitdelta.engine.codec;

import java.util.Optional;

/**
 * Which weights share a scale, in the matrix view of a tensor.
 *
 * @param kind how weights are grouped
 * @param groupSize weights per group along a row for {@link Kind#GROUP}, else 0
 */
public record Granularity(Kind kind, int groupSize) {
    /** The ways of sharing a scale. */
    public enum Kind {
        /** One scale. */
        TENSOR,
        /** One per row. */
        ROW,
        /** One per column. */
        COLUMN,
        /** One per run of N weights; runs never cross rows. */
        GROUP
    }

    /** One scale for the tensor. */
    public static final Granularity TENSOR = new Granularity(Kind.TENSOR, 0);

    /** One scale per row. */
    public static final Granularity ROW = new Granularity(Kind.ROW, 0);

    /** One scale per column. */
    public static final Granularity COLUMN = new Granularity(Kind.COLUMN, 0);

    /** Checks the size. */
    public Granularity {
        if (kind == Kind.GROUP ? groupSize < 1 : groupSize != 0) {
            throw new IllegalArgumentException("group size " + groupSize + " with granularity " + kind);
        }
    }

    /** One scale per {@code size} weights of a row. */
    public static Granularity group(int size) {
        return new Granularity(Kind.GROUP, size);
    }

    /** Reads the text of a layout: {@code tensor}, {@code row}, {@code column} or {@code group:N}, N without leading zeros. */
    public static Optional<Granularity> parse(String text) {
        return switch (text) {
            case "tensor" -> Optional.of(TENSOR);
            case "row" -> Optional.of(ROW);
            case "column" -> Optional.of(COLUMN);
            default ->
                text.matches("group:[1-9][0-9]{0,8}")
                        ? Optional.of(group(Integer.parseInt(text.substring("group:".length()))))
                        : Optional.empty();
        };
    }

    /** How many scales a matrix of {@code rows} x {@code columns} has per plane. */
    public long scales(long rows, long columns) {
        return switch (kind) {
            case TENSOR -> 1;
            case ROW -> rows;
            case COLUMN -> columns;
            case GROUP -> rows * groupsPerRow(columns);
        };
    }

    /** Groups in a row of {@code columns}; the last may be shorter. */
    public long groupsPerRow(long columns) {
        return columns / groupSize + (columns % groupSize == 0 ? 0 : 1);
    }

    /** The text of a layout. */
    @Override
    public String toString() {
        return switch (kind) {
            case TENSOR -> "tensor";
            case ROW -> "row";
            case COLUMN -> "column";
            case GROUP -> "group:" + groupSize;
        };
    }
}
