// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.wire;

/** STS {@code GetCallerIdentity}, the one operation of the query protocol. */
public final class CallerIdentity implements Protocol {

    private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

    private final String accountId;

    public CallerIdentity(String accountId) {
        this.accountId = accountId;
    }

    @Override
    public boolean takes(Call call) {
        return !call.isJson() && !call.target().isEmpty();
    }

    @Override
    public String service(Call call) {
        return "sts";
    }

    @Override
    public String operation(Call call) {
        return call.target();
    }

    @Override
    public String resource(Call call) {
        return "";
    }

    @Override
    public Reply answer(Call call, String requestId) {
        if (!call.target().equals("GetCallerIdentity")) {
            throw new Refusal(new WireError(
                    400,
                    "InvalidAction",
                    "Could not find operation %s; STS here has GetCallerIdentity only."
                            .formatted(call.target().isEmpty() ? "(none)" : call.target())));
        }
        var body = """
                <GetCallerIdentityResponse xmlns="%s"><GetCallerIdentityResult>\
                <Arn>arn:aws:iam::%s:user/engine</Arn><UserId>AIDAENGINEENGINEENGIN</UserId><Account>%s</Account>\
                </GetCallerIdentityResult><ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata>\
                </GetCallerIdentityResponse>
                """.formatted(NAMESPACE, accountId, accountId, requestId);
        return Reply.of(200, "text/xml", body, "OK");
    }

    @Override
    public Reply error(WireError error, String requestId) {
        var body = """
                <ErrorResponse xmlns="%s"><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>\
                <RequestId>%s</RequestId></ErrorResponse>
                """.formatted(NAMESPACE, error.code(), escaped(error.message()), requestId);
        return Reply.of(error.status(), "text/xml", body, error.code());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
