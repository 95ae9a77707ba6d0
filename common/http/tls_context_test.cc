#include "common/http/tls_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"

namespace veche::http {
namespace {

class TlsContextTest : public ::testing::Test {
 protected:
  TlsContextTest() { std::filesystem::create_directories(folder_); }
  ~TlsContextTest() override { std::filesystem::remove_all(folder_); }

  std::string In(const std::string& name) const { return (folder_ / name).string(); }
  // A key and its certificate with the common name `name`.
  void Issue(const std::string& name, const std::string& algorithm =
                                          "ec -pkeyopt "
                                          "ec_paramgen_curve:P-256") {
    ASSERT_EQ(std::system(absl::StrCat("openssl req -x509 -nodes -days 2 -newkey ", algorithm,
                                       " -subj /CN=", name, " -keyout ", In(name + ".key"),
                                       " -out ", In(name + ".crt"), " 2>/dev/null")
                              .c_str()),
              0);
  }
  // Puts a file in the place of "tls.key" or "tls.crt".
  void Use(const std::string& from, const std::string& to) {
    std::filesystem::copy_file(In(from), In("new"));
    std::filesystem::rename(In("new"), In(to));
  }
  void Load() {
    auto loaded = TlsContext::Load(In("tls.crt"), In("tls.key"));
    ASSERT_OK(loaded);
    context_ = *std::move(loaded);
  }
  // The common name that connections see a minute after the last time.
  std::string Name() {
    now_ += absl::Minutes(1);
    X509* certificate = SSL_CTX_get0_certificate(context_->Get(now_)->native_handle());
    if (certificate == nullptr) return "";
    char name[64] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name,
                              sizeof(name));
    return name;
  }

  const std::filesystem::path folder_ =
      ::testing::TempDir() + "/veche_tls_context_test_" + std::to_string(getpid());
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  std::unique_ptr<TlsContext> context_;
};

TEST_F(TlsContextTest, NewFilesAreUsedWhenTheyFitEachOther) {
  Issue("old");
  Issue("new");
  Use("old.key", "tls.key");
  Use("old.crt", "tls.crt");
  Load();
  EXPECT_EQ(Name(), "old");
  Use("new.key", "tls.key");
  EXPECT_EQ(Name(), "old") << "the certificate is not there yet";
  Use("new.crt", "tls.crt");
  EXPECT_EQ(Name(), "new");
}

TEST_F(TlsContextTest, AKeyOfAnotherAlgorithmDoesNotFit) {
  Issue("old");
  Issue("new", "rsa:2048");
  Use("old.key", "tls.key");
  Use("old.crt", "tls.crt");
  Load();
  Use("new.key", "tls.key");
  EXPECT_EQ(Name(), "old");
  EXPECT_THAT(TlsContext::Load(In("tls.crt"), In("tls.key")),
              veche::testing::StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(TlsContextTest, FilesThatAreGoneOrBrokenChangeNothing) {
  Issue("old");
  Use("old.key", "tls.key");
  Use("old.crt", "tls.crt");
  Load();
  std::ofstream(In("garbage")) << "garbage";
  Use("garbage", "tls.crt");
  EXPECT_EQ(Name(), "old");
  std::filesystem::remove(In("tls.crt"));
  EXPECT_EQ(Name(), "old");
}

TEST_F(TlsContextTest, FilesAreLookedAtOnceASecond) {
  Issue("old");
  Issue("new");
  Use("old.key", "tls.key");
  Use("old.crt", "tls.crt");
  Load();
  const auto before = context_->Get(now_);
  Use("new.key", "tls.key");
  Use("new.crt", "tls.crt");
  EXPECT_EQ(context_->Get(now_ + absl::Milliseconds(900)), before);
  EXPECT_NE(context_->Get(now_ + absl::Milliseconds(1100)), before);
}

}  // namespace
}  // namespace veche::http
