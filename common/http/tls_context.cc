#include "common/http/tls_context.h"

#include <openssl/ssl.h>
#include <sys/stat.h>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace veche::http {
namespace {

namespace ssl = boost::asio::ssl;

constexpr absl::Duration kLookAgain = absl::Seconds(1);

// Differs after each change of the file, also when a link has another target.
std::string VersionOf(const std::string& file) {
  struct stat info;
  if (stat(file.c_str(), &info) != 0) return "";
  return absl::StrCat(info.st_dev, " ", info.st_ino, " ", info.st_size, " ", info.st_mtim.tv_sec,
                      " ", info.st_mtim.tv_nsec, "\n");
}

absl::StatusOr<std::shared_ptr<ssl::context>> ReadFiles(const std::string& certificate_file,
                                                        const std::string& key_file) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  boost::system::error_code error;
  context->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                           ssl::context::no_tlsv1_1 | ssl::context::no_compression,
                       error);
  context->use_certificate_chain_file(certificate_file, error);
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read the certificate ", certificate_file));
  }
  context->use_private_key_file(key_file, ssl::context::pem, error);
  // A key of another algorithm is accepted beside the certificate until it is checked.
  if (error || SSL_CTX_check_private_key(context->native_handle()) != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("the key ", key_file, " does not fit the certificate"));
  }
  return context;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsContext>> TlsContext::Load(std::string certificate_file,
                                                             std::string key_file) {
  auto context = absl::WrapUnique(new TlsContext(std::move(certificate_file), std::move(key_file)));
  absl::MutexLock lock(&context->mutex_);
  RETURN_IF_ERROR(context->Read());
  return context;
}

std::shared_ptr<ssl::context> TlsContext::Get(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  if (now >= next_look_) {
    next_look_ = now + kLookAgain;
    Read().IgnoreError();
  }
  return context_;
}

absl::Status TlsContext::Read() {
  std::string version = VersionOf(certificate_file_) + VersionOf(key_file_);
  if (context_ != nullptr && version == version_) return absl::OkStatus();
  ASSIGN_OR_RETURN(context_, ReadFiles(certificate_file_, key_file_));
  version_ = std::move(version);
  return absl::OkStatus();
}

}  // namespace veche::http
