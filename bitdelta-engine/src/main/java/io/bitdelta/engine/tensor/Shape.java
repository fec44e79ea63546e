package io.bitdelta.engine.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Dimensions of a tensor, row-major.
 *
 * @param dims each at least 0; their product fits 63 bits
 */
public record Shape(List<Long> dims) {
    /** safetensors sets no limit on the rank; real tensors stay far below this one. */
    public static final int MAX_RANK = 32;

    /** Checks the dimensions. */
    public Shape {
        dims = List.copyOf(dims);
        if (dims.size() > MAX_RANK) {
            throw new IllegalArgumentException("rank " + dims.size() + " is over " + MAX_RANK);
        }
        boolean empty = false;
        for (long dim : dims) {
            if (dim < 0) {
                throw new IllegalArgumentException("negative dimension " + dim);
            }
            empty |= dim == 0;
        }
        if (!empty) {
            long count = 1;
            for (long dim : dims) {
                if (Math.multiplyHigh(count, dim) != 0 || count * dim < 0) {
                    throw new IllegalArgumentException("more than 2^63 elements");
                }
                count *= dim;
            }
        }
    }

    /** A shape from its dimensions. */
    public static Shape of(long... dims) {
        List<Long> list = new ArrayList<>(dims.length);
        for (long dim : dims) {
            list.add(dim);
        }
        return new Shape(list);
    }

    /** Number of dimensions. */
    public int rank() {
        return dims.size();
    }

    /** Number of elements; 1 for rank 0. */
    public long count() {
        long count = 1;
        for (long dim : dims) {
            if (dim == 0) {
                return 0;
            }
            count *= dim;
        }
        return count;
    }

    /** Rows of the matrix view: 1 below rank 2, else the first dimension (FORMATS section 3). */
    public long rows() {
        return rank() < 2 ? 1 : dims.getFirst();
    }

    /** Columns of the matrix view: the product of all dimensions but the first; the length at rank 1. */
    public long columns() {
        if (rank() < 2) {
            return count();
        }
        long columns = 1;
        for (long dim : dims.subList(1, dims.size())) {
            if (dim == 0) {
                return 0;
            }
            columns *= dim;
        }
        return columns;
    }

    /** For example {@code [192,512]}. */
    @Override
    public String toString() {
        return dims.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }
}
