from rest_framework.authentication import BaseAuthentication


class AccessTokenAuthentication(BaseAuthentication):
    pass
