#include "services/config.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"
#include "services/modules.h"

namespace veche {
namespace {

using ::testing::HasSubstr;

TEST(ConfigTest, EverythingHasADefault) {
  auto config = ParseConfig("{}", {});
  ASSERT_OK(config);
  EXPECT_EQ(config->http().address(), "127.0.0.1:8080");
  EXPECT_EQ(config->data_dir(), ".veche");
  EXPECT_EQ(config->services_size(), static_cast<int>(Modules().size()));
}

TEST(ConfigTest, FlagsWinOverTheFile) {
  auto config = ParseConfig(
      R"({"dataDir": "a", "http": {"address": "127.0.0.1:1"}})",
      {.data_dir = "b", .services = "directory,identity", .trusted_proxies = "10.0.0.0/8, ::1"});
  ASSERT_OK(config);
  EXPECT_EQ(config->data_dir(), "b");
  EXPECT_EQ(config->http().address(), "127.0.0.1:1");
  EXPECT_EQ(config->services_size(), 2);
  EXPECT_THAT(config->http().trusted_proxies(), ::testing::ElementsAre("10.0.0.0/8", "::1"));
}

TEST(ConfigTest, WhatIsWrongIsNamed) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"htp": {}})", "htp"},
      {R"({"http": )", "the file is not valid"},
      {R"({"services": ["weather"]})", "there is no service \"weather\""},
      {R"({"http": {"tlsKeyFile": "k"}})", "or neither"},
      {R"({"http": {"trustedProxies": ["10.0.0.0/40"]}})", "http.trustedProxies"},
      {R"({"grpc": {"tlsKeyFile": "k"}})", "or none"},
      {R"({"city": {"timeZone": "Mars/Base"}})", "Mars/Base"},
      {R"({"city": {"language": "de"}})", "city.language"},
      {R"({"log": {"level": "loud"}})", "log.level"},
      {R"({"initiatives": {"threshold": -1}})", "initiatives.threshold"},
      {R"({"initiatives": {"gatheringDays": 4000}})", "initiatives.gatheringDays"},
      {R"({"initiatives": {"responseDays": -1}})", "initiatives.responseDays"},
      {R"({"issuer": {"name": "City council"}})", "issuer.name"},
      {R"({"issuer": {"name": "abcdefghijklmnopqrstuvwxyz0123456"}})", "issuer.name"},
      {R"({"polling": {"secondIssuer": "Council"}})", "polling.secondIssuer"},
      {R"({"polling": {"secondIssuer": "city"}})", "polling.secondIssuer"},
      {R"({"issuer": {"name": "council"}})", "issuer.name"},
      {R"({"services": ["issuer", "polling"], "issuer": {"name": "council"}})", "issuer.name"},
      {R"({"city": {"publicUrl": "city.example.org"}})", "city.publicUrl"},
      {R"({"delivery": {"smtp": {"url": "relay:587"}}})", "delivery.smtp.url"},
      {R"({"delivery": {"smtp": {"url": "smtp://relay", "from": "city"}}})", "delivery.smtp.from"},
      {R"({"delivery": {"smtp": {"url": "smtp://r", "from": "a@b", "user": "u"}}})", "or neither"},
      {R"({"delivery": {"sms": {"url": "https://s", "body": "{phone}"}}})", "delivery.sms.body"},
      {R"({"delivery": {"webPush": {"administrator": "operator"}}})",
       "delivery.webPush.administrator"},
      {R"({"delivery": {"webhooks": {"messengers": [{"name": "A b"}]}}})", "messengers.name"},
      {R"({"addresses": {"apeals": "a:1"}})", "addresses.apeals: there is no such service"},
      {R"({"addresses": {"appeals": "http://a:1"}})", "addresses.appeals: \"http://a:1\""},
      {R"({"addresses": {"appeals": ""}})", "addresses.appeals"},
      {R"({"services": ["appeals"], "addresses": {"identity": "127.0.0.1:1"}})",
       "addresses: appeals needs directory"},
      {R"({"services": ["directory"]})", "addresses: directory needs identity"},
      {R"({"polling": {"secondIssuer": "council"}})", "needs the address second_issuer"},
      {R"({"services": ["directory"], "addresses": {"identity": "identity:9000"}})",
       "addresses.identity: is beyond this machine"},
      {R"({"services": ["directory"], "addresses": {"identity": "127.0.0.1:1,10.0.0.1:1"}})",
       "addresses.identity: is beyond this machine"},
      {R"({"services": ["directory"], "addresses": {"identity": "127.example.org:1"}})",
       "addresses.identity: is beyond this machine"},
      {R"({"grpc": {"address": "0.0.0.0:9000"}})", "grpc.address: is beyond this machine"},
      {R"({"grpc": {"tlsCertificateFile": "/no", "tlsKeyFile": "/no", "tlsCaFile": "/no"}})",
       "grpc: The file /no cannot be read"},
      {R"({"http": {"tlsCertificateFile": "/no", "tlsKeyFile": "/no"}})",
       "http: The file /no cannot be read"},
      {R"({"storage": {"postgresFile": "/no/where"}})", "storage.postgresFile: the file /no/where"},
      {R"({"redis": {"address": "redis"}})", "redis.address: \"redis\" is not an address: write"},
      {R"({"redis": {"address": "unix:/redis", "tlsCaFile": "/no"}})",
       "redis.tlsCaFile: a socket has no TLS"},
      {R"({"redis": {"address": "redis:1", "passwordFile": "/no/where"}})",
       "redis.passwordFile: the file /no/where"},
      {R"({"redis": {"address": "redis:1", "localMs": -2}})",
       "redis.localMs: must be -1, 0 or more"},
      {R"({"blobs": {"folder": "/f", "s3": {}}})", "blobs: Set folder or s3, not both"},
      {R"({"blobs": {"s3": {"url": "http://s3.example.org"}}})", "blobs.s3.url: must begin"},
      {R"({"blobs": {"s3": {"url": "https://s3.example.org/veche"}}})",
       "blobs.s3.url: must be like"},
      {R"({"blobs": {"s3": {"bucket": "No"}}})", "blobs.s3.bucket: must be"},
      {R"({"blobs": {"s3": {"region": "a b"}}})", "blobs.s3.region: must be like"},
      {R"({"blobs": {"s3": {}}})", "blobs.s3.credentialsFile: must be a file"},
      {R"({"blobs": {"s3": {"credentialsFile": "/no/where"}}})",
       "blobs.s3.credentialsFile: the file /no/where"},
      {R"({"limits": {"fileBytes": -2}})", "limits.fileBytes: must be -1, 0 or more"},
      {R"({"pool": {"threads": -1}})", "pool.threads: must not be negative"},
      {R"({"delivery": {"sms": {"rate": -0.5}}})", "delivery.sms.rate: must not be negative"},
      {R"({"storage": {"postgresConnections": -1}})", "storage.postgresConnections"},
      {R"({"storage": {"services": {"weather": {}}}})", "storage.services.weather"},
      {R"({"storage": {"services": {"appeals": {"postgresConnections": -1}}}})",
       "storage.services.appeals.postgresConnections"},
      {R"({"storage": {"acceptedRisks": ["work_mem"]}})", "storage.acceptedRisks"},
  };
  for (const auto& [json, says] : cases) {
    auto config = ParseConfig(json, {});
    ASSERT_FALSE(config.ok()) << json;
    EXPECT_THAT(std::string(config.status().message()), HasSubstr(says));
  }
}

TEST(ConfigTest, TheIssuerOfAnotherBodyHasANameOfItsOwn) {
  EXPECT_OK(ParseConfig(R"({"services": ["issuer"], "issuer": {"name": "council"},
                            "addresses": {"identity": "127.0.0.1:1"}})",
                        {}));
  EXPECT_OK(ParseConfig(R"({"polling": {"secondIssuer": "council"},
                            "addresses": {"second_issuer": "localhost:1"}})",
                        {}));
}

TEST(ConfigTest, AllThatIsWrongIsNamedAtOnce) {
  const auto config = ParseConfig(
      R"({"city": {"language": "de"}, "log": {"level": "loud"}, "pool": {"queue": -1},
          "addresses": {"apeals": "x"}})",
      {});
  ASSERT_FALSE(config.ok());
  for (const char* field : {"city.language", "log.level", "pool.queue",
                            "addresses.apeals: there is no such service", "needs a port"}) {
    EXPECT_THAT(std::string(config.status().message()), HasSubstr(field));
  }
}

TEST(ConfigTest, PlainTextStaysOnTheMachine) {
  for (const char* address : {"127.0.0.1:1,127.0.0.2:1", "localhost:1", "[::1]:1"}) {
    EXPECT_OK(ParseConfig(absl::StrCat(R"({"services": ["directory"], "addresses": {"identity": ")",
                                       address, R"("}})"),
                          {}))
        << address;
  }
}

TEST(ConfigTest, PlainTextBeyondTheMachineIsAskedForByName) {
  constexpr char kConfig[] =
      R"({"services": ["directory"], "grpc": {"address": "0.0.0.0:9000", "insecure": true},
          "addresses": {"identity": "10.0.0.1:9000,10.0.0.2:9000"}})";
  EXPECT_OK(ParseConfig(kConfig, {}));
}

TEST(ConfigTest, LimitsCanBeOffForLoadTestsOnly) {
  EXPECT_EQ(ParseConfig("{}", {.limits = "none"})->limits().connections(), -1);
  EXPECT_FALSE(ParseConfig("{}", {.limits = "some"}).ok());
}

TEST(ConfigTest, TheFileOverridesTheDemoCity) {
  const ConfigFlags flags{
      .demo = R"({"city": {"title": "A", "language": "uk"}, "initiatives": {"threshold": 15}})"};
  const auto demo = ParseConfig("{}", flags);
  ASSERT_OK(demo);
  EXPECT_EQ(demo->city().title(), "A");
  EXPECT_EQ(demo->initiatives().threshold(), 15);
  const auto overridden = ParseConfig(R"({"city": {"title": "B"}})", flags);
  ASSERT_OK(overridden);
  EXPECT_EQ(overridden->city().title(), "B");
  EXPECT_EQ(overridden->city().language(), "uk");
}

}  // namespace
}  // namespace veche
