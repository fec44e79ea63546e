package io.bitdelta.engine.calibrate;

import java.util.Locale;
import java.util.Optional;

/** What a calibration makes small, and the figure by which people judge it. */
public sealed interface Objective {
    /** What reports call it. */
    String text();

    /** The figure by which people judge it. */
    Metric metric();

    /** The mean squared difference of the logits (arXiv 2402.10193, equation 5). Reported per logit. */
    record LogitDistance() implements Objective {
        @Override
        public String text() {
            return "mse";
        }

        @Override
        public Metric metric() {
            return Metric.AGREEMENT;
        }
    }

    /** The Kullback-Leibler divergence of the fine-tune's next-token distribution. Reported in nats per token. */
    record Divergence() implements Objective {
        @Override
        public String text() {
            return "kl";
        }

        @Override
        public Metric metric() {
            return Metric.AGREEMENT;
        }
    }

    /** The cross-entropy of the text itself; the fine-tune is not asked. Reported in nats per token. */
    record Likelihood() implements Objective {
        @Override
        public String text() {
            return "ce";
        }

        @Override
        public Metric metric() {
            return Metric.PERPLEXITY;
        }
    }

    /**
     * A mixture for a domain: {@code divergence * KL + likelihood * CE}, over positions that count more where the text is of
     * the kind that matters in the domain.
     *
     * @param domain which one
     */
    record ForDomain(Domain domain) implements Objective {
        @Override
        public String text() {
            return domain.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public Metric metric() {
            return domain.metric();
        }
    }

    /** The domains, each with its mixture, what it emphasises, and the metric that it is judged by. */
    enum Domain {
        /**
         * Explanations: words are learnt from the text as much as from the fine-tune; long words count double and are what
         * the perplexity is of.
         */
        EDUCATION(0.5, 0.5, 2, "[\\p{L}]{7,}", Metric.EMPHASISED_PERPLEXITY),
        /** Dialogue: the fine-tune's voice; what stands in or ends speech counts double and is what the perplexity is of. */
        GAMING(0.8, 0.2, 2, "[\"'!?:\u201c\u201d]+", Metric.EMPHASISED_PERPLEXITY),
        /** Figures: numbers, amounts and addresses count fourfold, and are right or wrong. */
        DEFI(0.5, 0.5, 4, ".*[0-9$%\u20ac].*|0x.*", Metric.EMPHASISED_ACCURACY),
        /** Everything alike. */
        GENERAL(0.5, 0.5, 1, "", Metric.PERPLEXITY);

        private final double divergence;
        private final double likelihood;
        private final double emphasis;
        private final String emphasised;
        private final Metric metric;

        Domain(double divergence, double likelihood, double emphasis, String emphasised, Metric metric) {
            this.divergence = divergence;
            this.likelihood = likelihood;
            this.emphasis = emphasis;
            this.emphasised = emphasised;
            this.metric = metric;
        }

        /** What a calibration for it is judged by. */
        public Metric metric() {
            return metric;
        }

        /** The share of the divergence in the loss. */
        public double divergence() {
            return divergence;
        }

        /** The share of the cross-entropy in the loss. */
        public double likelihood() {
            return likelihood;
        }

        /** What a position counts whose next token is this text. */
        public double weight(String token) {
            return emphasised.isEmpty() || !token.strip().matches(emphasised) ? 1 : emphasis;
        }
    }

    /** The objective of that name. */
    static Optional<Objective> named(String text) {
        return switch (text) {
            case "mse" -> Optional.of(new LogitDistance());
            case "kl" -> Optional.of(new Divergence());
            case "ce" -> Optional.of(new Likelihood());
            case "education" -> Optional.of(new ForDomain(Domain.EDUCATION));
            case "gaming" -> Optional.of(new ForDomain(Domain.GAMING));
            case "defi" -> Optional.of(new ForDomain(Domain.DEFI));
            case "general" -> Optional.of(new ForDomain(Domain.GENERAL));
            default -> Optional.empty();
        };
    }
}
