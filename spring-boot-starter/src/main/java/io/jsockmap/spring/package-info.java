/** A policy in a Spring Boot application: automatic configuration. */
package io.jsockmap.spring;
