#include "services/identity/delivery/providers.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/identity/delivery/sms_sender.h"
#include "services/identity/delivery/smtp_sender.h"

namespace veche::identity {
namespace {

constexpr int kConnections = 4;
constexpr double kEmailRate = 20;
constexpr double kSmsRate = 10;

template <typename T>
T Or(T value, T fallback) {
  return value > 0 ? value : fallback;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Providers>> Providers::Create(const config::v1::Delivery& config,
                                                             const std::filesystem::path& outbox) {
  std::unique_ptr<Providers> providers(new Providers(outbox));
  if (config.has_smtp()) {
    ASSIGN_OR_RETURN(SmtpSender::Options options,
                     SmtpSender::Read(config.smtp(), config.ca_file()));
    providers->email_sender_ = std::make_unique<SmtpSender>(std::move(options));
    providers->email_ =
        std::make_unique<Provider>(*providers->email_sender_, Or(config.smtp().rate(), kEmailRate),
                                   Or(config.smtp().connections(), kConnections));
  } else {
    providers->email_ = std::make_unique<Provider>(providers->outbox_, /*rate=*/0, /*at_once=*/1);
  }
  if (config.has_sms()) {
    const int connections = Or(config.sms().connections(), kConnections);
    ASSIGN_OR_RETURN(providers->client_,
                     http_client::Client::Create({.ca_file = config.ca_file(),
                                                  .private_addresses = config.private_addresses(),
                                                  .plain_http = config.private_addresses(),
                                                  // One more for sign-in codes.
                                                  .per_host = connections + 1}));
    ASSIGN_OR_RETURN(SmsSender::Options options, SmsSender::Read(config.sms()));
    providers->sms_sender_ = std::make_unique<SmsSender>(std::move(options), *providers->client_);
    providers->sms_ = std::make_unique<Provider>(*providers->sms_sender_,
                                                 Or(config.sms().rate(), kSmsRate), connections);
  } else {
    providers->sms_ = std::make_unique<Provider>(providers->outbox_, /*rate=*/0, /*at_once=*/1);
  }
  return providers;
}

}  // namespace veche::identity
