package io.jsockmap.spring;

import static org.springframework.util.ResourceUtils.CLASSPATH_URL_PREFIX;
import static org.springframework.util.ResourceUtils.FILE_URL_PREFIX;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.policy.PolicyFile;

import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ResourceUtils;

import java.io.FileNotFoundException;
import java.nio.file.Path;

/** Where {@code jsockmap.policy} says that a policy is. */
record PolicyLocation(String text) {

    /** Whether the policy is part of the application, and so stays as it is. */
    boolean isOnClassPath() {
        return text.startsWith(CLASSPATH_URL_PREFIX);
    }

    /**
     * Reads what is there.
     *
     * @throws BpfException if it can't be read, or is no policy
     */
    PolicyFile read(ResourceLoader resources) {
        if (isOnClassPath()) return new PolicyCopy(resources.getResource(text)).read();
        return PolicyFile.read(path());
    }

    private Path path() {
        if (!ResourceUtils.isUrl(text)) return Path.of(text);
        if (!text.startsWith(FILE_URL_PREFIX)) {
            throw new BpfException(
                    Errno.EINVAL, "%s: expected a path, file: or classpath:".formatted(text));
        }
        try {
            return ResourceUtils.getFile(text).toPath();
        } catch (FileNotFoundException e) {
            throw new BpfException(Errno.EINVAL, "%s: is no file".formatted(text), e);
        }
    }
}
