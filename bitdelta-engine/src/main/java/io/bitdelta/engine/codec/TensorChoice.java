package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Tensor;
import java.util.List;
import java.util.regex.Pattern;

/** Which tensors become signs under given options: the linear ones, plus those included, less those excluded. */
final class TensorChoice {
    private final RestPolicy rest;
    private final List<Pattern> include;
    private final List<Pattern> exclude;

    TensorChoice(CompressOptions options) {
        this.rest = options.rest();
        this.include = options.include().stream().map(TensorChoice::pattern).toList();
        this.exclude = options.exclude().stream().map(TensorChoice::pattern).toList();
    }

    private static Pattern pattern(String glob) {
        StringBuilder regex = new StringBuilder();
        for (String literal : glob.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
        }
        return Pattern.compile(regex.toString());
    }

    /** Whether a tensor becomes signs. */
    boolean signs(Tensor tensor) {
        if (!tensor.dtype().floating() || matches(exclude, tensor)) {
            return false;
        }
        return rest == RestPolicy.ONEBIT || LinearTensors.contains(tensor) || matches(include, tensor);
    }

    /**
     * Whether a budget may store a tensor in fewer bits than it has: everything that becomes signs anyway, and the other
     * matrices unless they are to stay as they are in the base.
     */
    boolean reducible(Tensor tensor) {
        return signs(tensor)
                || (rest == RestPolicy.FULL
                        && tensor.dtype().floating()
                        && tensor.shape().rank() == 2
                        && !matches(exclude, tensor));
    }

    private static boolean matches(List<Pattern> patterns, Tensor tensor) {
        return patterns.stream().anyMatch(p -> p.matcher(tensor.name()).matches());
    }
}
