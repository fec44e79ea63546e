package io.bitdelta.engine.soup;

import io.bitdelta.engine.EngineInputException;
import java.nio.file.Path;

/** A delta cannot be a member of the soup. */
public final class SoupMemberException extends EngineInputException {
    private static final long serialVersionUID = 1L;

    /** Names the member and the reason. */
    public SoupMemberException(Path member, String why) {
        super(member + " cannot join the soup: " + why);
    }
}
