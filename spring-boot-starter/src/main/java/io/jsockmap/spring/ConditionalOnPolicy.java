package io.jsockmap.spring;

import io.jsockmap.policy.LivePolicy;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** For what is made of a policy in force, the starter's or the application's own. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ConditionalOnSockmapEnabled
@ConditionalOnBean(LivePolicy.class)
@interface ConditionalOnPolicy {}
