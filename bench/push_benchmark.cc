// Web Push messages encrypted and signed a second on one core: new sender's key for each message,
// the token of each push service signed once.

#include <time.h>

#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/crypto/p256.h"
#include "common/crypto/random.h"
#include "services/notifications/push/encryption.h"
#include "services/notifications/push/vapid.h"

namespace veche::notifications {
namespace {

// Processor time of this thread, so that other programs do not count.
double Seconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

constexpr int kBrowsers = 100;
constexpr int kOrigins = 5;
constexpr double kSeconds = 3;

struct Browser {
  std::string origin;
  std::string p256dh;
  std::string auth;
};

void Run() {
  std::vector<Browser> browsers;
  for (int i = 0; i < kBrowsers; ++i) {
    browsers.push_back({absl::StrCat("https://push", i % kOrigins, ".example.org"),
                        crypto::P256Point(*crypto::GenerateP256()),
                        crypto::RandomBytes(kPushAuthBytes)});
  }
  VapidSigner signer(crypto::GenerateP256(), "mailto:operator@example.org");
  const std::string text(500, 'x');
  const double begin = Seconds();
  double took = 0;
  size_t messages = 0, bytes = 0;
  while (took < kSeconds) {
    for (const Browser& browser : browsers) {
      bytes += EncryptPush(text, browser.p256dh, browser.auth)->size();
      bytes += signer.Authorization(browser.origin, absl::Now()).size();
      ++messages;
    }
    took = Seconds() - begin;
  }
  const double rate = static_cast<double>(messages) / took;
  std::printf("%-58s %.0f/s  (bar >= 5000/s)  %zu bytes each\n",
              "Web Push messages encrypted and signed, one core", rate, bytes / messages);
}

}  // namespace
}  // namespace veche::notifications

int main() { veche::notifications::Run(); }
