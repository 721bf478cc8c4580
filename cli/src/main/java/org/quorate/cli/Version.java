package org.quorate.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of the program, from its jar's manifest. */
public final class Version implements IVersionProvider {
  /** Such as {@code 0.1.0-SNAPSHOT}; {@code development} when run from class folders. */
  public static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "quorate " + current() + " (Java " + Runtime.version() + ")",
    };
  }
}
