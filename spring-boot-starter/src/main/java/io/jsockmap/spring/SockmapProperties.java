package io.jsockmap.spring;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an application says of its policy.
 *
 * @param enabled Whether the starter does anything.
 * @param policy The policy's file: a path, file: or classpath:. A policy of the class path is
 *     copied, with its object, to files that go with the JVM.
 * @param watch Whether the policy is put into force anew when its file, or its object, is written;
 *     not with classpath:.
 */
@ConfigurationProperties("jsockmap")
public record SockmapProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("") String policy,
        @DefaultValue("false") boolean watch) {}
