#include "services/notifications/push/encryption.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <simdjson.h>

#include <cstdlib>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/p256.h"
#include "common/testing/status_matchers.h"
#include "services/notifications/push/content_coding.h"

namespace veche::notifications {
namespace {

using ::veche::testing::StatusIs;

std::string Decoded(absl::string_view base64url) {
  std::string bytes;
  EXPECT_TRUE(absl::WebSafeBase64Unescape(base64url, &bytes)) << base64url;
  return bytes;
}

simdjson::padded_string Vectors() {
  return simdjson::padded_string::load(
             absl::StrCat(std::getenv("VECHE_SOURCE_DIR"),
                          "/services/notifications/push/testdata/push.json"))
      .value();
}

absl::string_view Text(simdjson::dom::element object, const char* name) {
  const std::string_view text = object[name].get_string().value();
  return absl::string_view(text.data(), text.size());
}
std::string Bytes(simdjson::dom::element object, const char* name) {
  return Decoded(Text(object, name));
}

// The key of a private number and its public point.
crypto::EvpKey PrivateKey(const std::string& number, const std::string& point) {
  OSSL_PARAM_BLD* builder = OSSL_PARAM_BLD_new();
  BIGNUM* secret = BN_bin2bn(reinterpret_cast<const unsigned char*>(number.data()),
                             static_cast<int>(number.size()), nullptr);
  OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, secret);
  OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(builder);
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr);
  EVP_PKEY* key = nullptr;
  EXPECT_EQ(EVP_PKEY_fromdata_init(context), 1);
  EXPECT_EQ(EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, parameters), 1);
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_free(parameters);
  OSSL_PARAM_BLD_free(builder);
  BN_free(secret);
  return crypto::EvpKey(key);
}

TEST(ContentCodingTest, GivesTheBytesOfRfc8188) {
  simdjson::dom::parser parser;
  const simdjson::padded_string text = Vectors();
  size_t checked = 0;
  const simdjson::dom::array vectors = parser.parse(text)["rfc8188"].get_array().value();
  for (const simdjson::dom::element vector : vectors) {
    CodingOptions options{
        .salt = Bytes(vector, "salt"),
        .key_id = std::string(Text(vector, "keyid")),
        .record_size = static_cast<uint32_t>(vector["recordSize"].get_uint64().value())};
    uint64_t padding = 0;
    if (vector["padding"].get(padding) == simdjson::SUCCESS) options.padding = padding;
    EXPECT_EQ(absl::WebSafeBase64Escape(
                  EncodeAes128Gcm(Bytes(vector, "key"), Text(vector, "plaintext"), options)),
              Text(vector, "ciphertext"));
    ++checked;
  }
  EXPECT_EQ(checked, 2);
}

TEST(EncryptionTest, GivesTheBytesOfRfc8291) {
  simdjson::dom::parser parser;
  const simdjson::padded_string text = Vectors();
  const simdjson::dom::element vector = parser.parse(text)["rfc8291"].value();
  const crypto::EvpKey sender =
      PrivateKey(Bytes(vector, "senderPrivate"), Bytes(vector, "senderPublic"));
  const auto body = EncryptPushWith(*sender, Bytes(vector, "salt"), Text(vector, "plaintext"),
                                    Bytes(vector, "receiverPublic"), Bytes(vector, "authSecret"));
  ASSERT_OK(body);
  EXPECT_EQ(absl::WebSafeBase64Escape(*body), Text(vector, "body"));
}

TEST(EncryptionTest, UsesANewKeyAndSaltForEachMessage) {
  const std::string p256dh = crypto::P256Point(*crypto::GenerateP256());
  const std::string auth(16, 'a');
  const auto first = EncryptPush("text", p256dh, auth);
  const auto second = EncryptPush("text", p256dh, auth);
  ASSERT_OK(first);
  ASSERT_OK(second);
  EXPECT_NE(first->substr(0, 16), second->substr(0, 16));    // salt
  EXPECT_NE(first->substr(21, 65), second->substr(21, 65));  // sender's key
}

TEST(EncryptionTest, FillsABodyOf4096Bytes) {
  const std::string p256dh = crypto::P256Point(*crypto::GenerateP256());
  const std::string auth(16, 'a');
  const auto body = EncryptPush(std::string(kMostPushText, 'x'), p256dh, auth);
  ASSERT_OK(body);
  EXPECT_EQ(body->size(), 4096);
  EXPECT_THAT(EncryptPush(std::string(kMostPushText + 1, 'x'), p256dh, auth),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(EncryptionTest, RefusesKeysThatAreNotValid) {
  const std::string p256dh = crypto::P256Point(*crypto::GenerateP256());
  const std::string auth(16, 'a');
  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(EncryptPush("text", p256dh.substr(1), auth), refused);
  EXPECT_THAT(EncryptPush("text", "\x04" + std::string(64, 'x'), auth), refused);
  EXPECT_THAT(EncryptPush("text", p256dh, auth.substr(1)), refused);
  EXPECT_THAT(EncryptPush("text", "", ""), refused);
}

}  // namespace
}  // namespace veche::notifications
