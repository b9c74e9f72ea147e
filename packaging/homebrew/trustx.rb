# SPDX-FileCopyrightText: 2026 trustx contributors
# SPDX-License-Identifier: MIT
# For a tap of one's own, from a clone of the sources; the README says how.
class Trustx < Formula
  desc "Personalize OPTIGA Trust X secure elements for AWS IoT Core"
  license "MIT"
  head "file://#{ENV.fetch("HOMEBREW_TRUSTX_SOURCE", Dir.pwd)}", using: :git

  depends_on "cmake" => :build
  depends_on "ninja" => :build
  depends_on "pkgconf" => :build
  depends_on "curl"
  depends_on "hidapi" # loaded when an FT260 is used
  depends_on "jansson"
  depends_on "mosquitto"
  depends_on "openssl@3"

  def install
    system "cmake", "-S", ".", "-B", "build", "-G", "Ninja", "-DTRUSTX_TESTS=OFF", *std_cmake_args
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
  end

  test do
    system bin/"trustx", "ca", "init", "ca"
    ENV["TRUSTX_DEVICE"] = "sim:chip"
    ENV["XDG_STATE_HOME"] = testpath/"state"
    system bin/"trustx", "personalize", "--subject", "CN={uid}", "--issuer", "ca:ca"
    assert_match "certificate fits", shell_output("#{bin}/trustx info")
  end
end
