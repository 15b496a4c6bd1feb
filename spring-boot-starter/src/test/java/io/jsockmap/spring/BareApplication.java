package io.jsockmap.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import java.util.Map;

/** An application that has the starter and nothing else. */
public final class BareApplication {
    private BareApplication() {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Nothing {}

    /** Starts and ends. */
    public static String[] beans(String policy) {
        var application = new SpringApplication(Nothing.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setDefaultProperties(Map.of("jsockmap.policy", policy));
        try (var context = application.run()) {
            return context.getBeanDefinitionNames();
        }
    }
}
