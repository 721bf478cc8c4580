package org.quorate.cli;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The arrows between the modules and packages, and the bans, of the project's architecture. It
 * stands in {@code cli} because only {@code cli} sees every other module.
 */
@AnalyzeClasses(packages = "org.quorate", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  /** {@code ledger ← consensus ← node ← cli; ledger ← genesis ← node, cli; monitoring ← node}. */
  @ArchTest
  static final ArchRule modulesDependAlongTheArrows =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("org.quorate..")
          .layer("ledger")
          .definedBy("org.quorate.ledger..")
          .layer("consensus")
          .definedBy("org.quorate.consensus..")
          .layer("genesis")
          .definedBy("org.quorate.genesis..")
          .layer("monitoring")
          .definedBy("org.quorate.monitoring..")
          .layer("node")
          .definedBy("org.quorate.node..")
          .layer("cli")
          .definedBy("org.quorate.cli..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("node")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("consensus")
          .mayOnlyBeAccessedByLayers("node")
          .whereLayer("genesis")
          .mayOnlyBeAccessedByLayers("node", "cli")
          .whereLayer("monitoring")
          .mayOnlyBeAccessedByLayers("node")
          .whereLayer("monitoring")
          .mayNotAccessAnyLayer();

  /** But for {@code cli}, whose commands and network share their failures. */
  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices()
          .matching("org.quorate.(**)")
          .should()
          .beFreeOfCycles()
          .ignoreDependency(resideInAPackage("org.quorate.cli.."), alwaysTrue());

  /** Whoever orders does not know what is stored or executed. */
  @ArchTest
  static final ArchRule consensusUsesNeitherStoreNorState =
      noClasses()
          .that()
          .resideInAPackage("org.quorate.consensus..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "org.quorate.ledger.store..",
                      "org.quorate.ledger.state..",
                      "org.quorate.ledger.json..")
                  .or(resideInAPackage("org.quorate.ledger")));

  /** What a light client needs must run without a database and without a JSON library. */
  @ArchTest
  static final ArchRule proofsNeedNoStorage =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.quorate.ledger.crypto..",
              "org.quorate.ledger.codec..",
              "org.quorate.ledger.membership..",
              "org.quorate.ledger.chain..",
              "org.quorate.ledger.proof..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "org.quorate.ledger.store..",
                      "org.quorate.ledger.state..",
                      "org.quorate.ledger.json..",
                      "com.fasterxml..",
                      "org.iq80..",
                      "org.fusesource..")
                  .or(resideInAPackage("org.quorate.ledger")));

  @ArchTest
  static final ArchRule levelDbIsBehindThePort =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.quorate.ledger.store")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.iq80..", "org.fusesource..");

  @ArchTest
  static final ArchRule bouncyCastlesSignaturesAreBehindTheOneRule =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.quorate.ledger.crypto")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bouncycastle.math..");

  /** The client believes proofs, so it needs nothing of a node. */
  @ArchTest
  static final ArchRule clientDependsOnLedgerAndGenesisOnly =
      noClasses()
          .that()
          .resideInAnyPackage("org.quorate.cli.client..", "org.quorate.cli.light..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.quorate.node..", "org.quorate.consensus..", "org.quorate.monitoring..")
          .allowEmptyShould(true);

  /** The same input must give the same result on every replica, and again in a simulation. */
  @ArchTest
  static final ArchRule ledgerAndConsensusAreDeterministic =
      noClasses()
          .that()
          .resideInAnyPackage("org.quorate.ledger..", "org.quorate.consensus..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.Random")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.HashMap")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.HashSet")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.IdentityHashMap")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.WeakHashMap")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("java.time..")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "identityHashCode", Object.class)
          .orShould()
          .callMethod(Math.class, "random");

  /** A key is made from randomness; nothing else is. */
  @ArchTest
  static final ArchRule randomnessIsForKeysOnly =
      noClasses()
          .that()
          .resideInAnyPackage("org.quorate.ledger..", "org.quorate.consensus..")
          .and()
          .doNotHaveFullyQualifiedName("org.quorate.ledger.crypto.SigningKey")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.security.SecureRandom");

  /** Floating point rounds; votes and balances must not. */
  @ArchTest
  static final ArchRule fieldsHoldNoFloatingPoint =
      fields()
          .that()
          .areDeclaredInClassesThat()
          .resideInAnyPackage("org.quorate.ledger..", "org.quorate.consensus..")
          .should()
          .notHaveRawType(double.class)
          .andShould()
          .notHaveRawType(float.class);

  @ArchTest
  static final ArchRule methodsReturnNoFloatingPoint =
      methods()
          .that()
          .areDeclaredInClassesThat()
          .resideInAnyPackage("org.quorate.ledger..", "org.quorate.consensus..")
          .should()
          .notHaveRawReturnType(double.class)
          .andShould()
          .notHaveRawReturnType(float.class);

  /** One thread owns the replica, and the replica knows of none. */
  @ArchTest
  static final ArchRule consensusHasNoThreadsLocksFilesSocketsOrLogs =
      noClasses()
          .that()
          .resideInAPackage("org.quorate.consensus..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.util.concurrent..",
              "java.io..",
              "java.nio.file..",
              "java.nio.channels..",
              "java.net..",
              "java.util.logging..",
              "org.slf4j..",
              "io.netty..")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Thread.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(ThreadLocal.class);

  /** Of the ledger only the store is used by several threads at once. */
  @ArchTest
  static final ArchRule locksOfTheLedgerAreInTheStore =
      noClasses()
          .that()
          .resideInAPackage("org.quorate.ledger..")
          .and()
          .resideOutsideOfPackage("org.quorate.ledger.store")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.util.concurrent..")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Thread.class);

  @ArchTest
  static final ArchRule ledgerDoesNotLog =
      noClasses()
          .that()
          .resideInAPackage("org.quorate.ledger..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.slf4j..", "java.util.logging..", "java.net..");

  @ArchTest
  static final ArchRule onlyNodeAndCliReadClocks =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.quorate.node..", "org.quorate.cli..")
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime");

  @ArchTest
  static final ArchRule packagesAreNullMarked =
      classes()
          .that()
          .haveSimpleName("package-info")
          .should()
          .beAnnotatedWith("org.jspecify.annotations.NullMarked");
}
