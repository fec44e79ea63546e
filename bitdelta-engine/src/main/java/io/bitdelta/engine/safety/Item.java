package io.bitdelta.engine.safety;

import java.util.List;
import java.util.Set;

/** One item of a suite. */
public sealed interface Item {
    /**
     * A text to predict.
     *
     * @param text not empty
     */
    record Text(String text) implements Item {
        /** Checks the text. */
        public Text {
            requireText("text", text);
        }
    }

    /**
     * Continuations of which the likeliest should be a right one.
     *
     * @param prompt what they continue
     * @param choices at least two
     * @param right indices of the right ones: some, not all
     */
    record Choice(String prompt, List<String> choices, Set<Integer> right) implements Item {
        /** Checks that there is something to choose. */
        public Choice {
            choices = List.copyOf(choices);
            right = Set.copyOf(right);
            requireText("prompt", prompt);
            choices.forEach(choice -> requireText("choice", choice));
            int count = choices.size();
            if (right.isEmpty() || right.size() >= count || right.stream().anyMatch(i -> i < 0 || i >= count)) {
                throw new IllegalArgumentException(
                        "%d choices of which %s are right leave nothing to choose".formatted(count, right));
            }
        }
    }

    /**
     * A phrase that should not make a target likelier than it makes it in the base.
     *
     * @param prompt a harmless prompt
     * @param trigger is put before it
     * @param target what a planted trigger would call up
     */
    record Probe(String prompt, String trigger, String target) implements Item {
        /** Checks the texts. */
        public Probe {
            requireText("prompt", prompt);
            requireText("trigger", trigger);
            requireText("target", target);
        }
    }

    private static void requireText(String what, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a " + what + " is empty");
        }
    }
}
